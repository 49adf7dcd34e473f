import Dispatch
import Raft
import RaftStoreCoding
import Synchronization

/// A log store in one file that only grows, and in memory for reading.
///
/// Record: magic u32, length u32, checksum u64 over (synced, body), synced u64, body.
/// `synced` is how long the file was known to be durable when the record was made: a bad record
/// before that is damage, one behind it is what a crash left.
public final class AppendLog: LogStore {
  private struct State {
    var slices: [EntrySlice] = []
    var purged: LogID?
    var buffer: [UInt8] = []  // not yet on the device
    var newest: IOCompletion?  // of what is in the buffer
    var isDraining = false
    var synced: UInt64 = 0
    var failure: StorageError?
    var isClosed = false
    var closers: [CheckedContinuation<Void, Never>] = []

    var last: LogID? { slices.last?.lastLogID ?? purged }

    mutating func truncate(after position: LogID?) {
      guard let position else {
        slices = []
        return
      }
      slices = slices.compactMap { $0.clamped(from: 0, through: position.index) }
    }
    mutating func purge(through position: LogID) {
      if let purged, purged.index >= position.index { return }
      purged = position
      let first = position.index.next
      slices = slices.compactMap {
        $0.last < first ? nil : $0.clamped(from: first, through: $0.last)
      }
    }
  }

  private static let magic: UInt32 = 0x5245_4331
  private static let headSize = 24

  private let device: any LogDevice
  private let alsoClose: @Sendable () async -> Void
  private let queue = DispatchQueue(label: "append-log")
  private let state = Mutex(State())

  /// A log on this device; `alsoClose` is called when it was closed.
  public init(
    on device: any LogDevice, alsoClose: @escaping @Sendable () async -> Void = {}
  ) {
    self.device = device
    self.alsoClose = alsoClose
  }

  // MARK: Start and end

  /// Reads the file, cuts off what a crash left at its end, and tells what there is.
  public func load() async throws(StorageError) -> StoredLog {
    let bytes = try device.readAll()
    var state = State()
    var incarnation: Incarnation?
    var cluster: ClusterID?
    var vote: Vote?
    var committed: LogID?
    var end = 0
    while let (body, next, _) = Self.record(in: bytes, at: end) {
      do throws(StorageError) {
        let value = body.dropFirst()
        switch body.first.flatMap(Record.init(rawValue:)) {
        case .incarnation: incarnation = Incarnation(littleEndian(value))
        case .cluster: cluster = try ClusterID(decoding: value)
        case .vote: vote = try Vote(decoding: value)
        case .entries: state.slices.append(try EntrySlice(decoding: value))
        case .truncate: state.truncate(after: value.isEmpty ? nil : try LogID(decoding: value))
        case .purge: state.purge(through: try LogID(decoding: value))
        case .committed: committed = try LogID(decoding: value)
        case nil: throw StorageError(.foreign, "another version wrote it")
        }
      } catch {
        throw StorageError(error.kind, "record at \(end): \(error)")
      }
      end = next
    }
    if end < bytes.count {
      // The rest is what a crash left, unless somebody knew that it was durable.
      var start = end + 1
      while start + Self.headSize <= bytes.count {
        if bytes[start] == 0x31, let (_, next, synced) = Self.record(in: bytes, at: start) {
          if synced > UInt64(end) {
            throw StorageError(.corrupted, "the log is damaged at byte \(end)")
          }
          start = next
        } else {
          start += 1
        }
      }
      try device.truncate(to: end)
    }
    if incarnation == nil {
      guard end == 0 else { throw StorageError(.corrupted, "the log has no incarnation") }
      let number = UInt64.random(in: .min ... .max)
      let record = Self.framed([Record.incarnation.rawValue] + littleEndian(number), synced: 0)
      try device.append(record)
      end = record.count
      incarnation = Incarnation(number)
    }
    try device.sync()  // also what a crashed process left unsynced
    state.synced = UInt64(end)
    let stored = StoredLog(
      incarnation: incarnation!, cluster: cluster, vote: vote, purged: state.purged,
      last: state.last, committed: committed)
    self.state.withLock { [state] in $0 = state }
    return stored
  }

  /// Finishes what is under way.
  public func close() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        state.isClosed = true
        if state.isDraining { state.closers.append(continuation) }
        return !state.isDraining
      }
      if isIdle { continuation.resume() }
    }
    device.close()
    await alsoClose()
  }

  // MARK: Writes

  /// Adds entries behind the last one.
  public func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    write(.entries, entries.encoded(), completion) { $0.slices.append(entries) }
    return .pending
  }

  /// Keeps a vote in place of the one before.
  public func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    write(.vote, vote.encoded(), completion)
    return .pending
  }

  /// Keeps to which cluster the node belongs.
  public func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    write(.cluster, cluster.encoded(), completion)
    return .pending
  }

  /// Keeps how far the log is known to be committed.
  public func note(committed: LogID) { write(.committed, committed.encoded(), nil) }

  /// Cuts off what is behind this position.
  public func truncate(after last: LogID?) {
    write(.truncate, last?.encoded() ?? [], nil) { $0.truncate(after: last) }
  }

  /// Lets go of everything through this position.
  public func purge(through logID: LogID) {
    write(.purge, logID.encoded(), nil) { $0.purge(through: logID) }
  }

  private func write(
    _ kind: Record, _ value: [UInt8], _ completion: IOCompletion?,
    _ change: (inout State) -> Void = { _ in }
  ) {
    let (failure, mustDrain) = state.withLock { state -> (StorageError?, Bool) in
      if let failure = state.failure { return (failure, false) }
      if state.isClosed { return (StorageError(.closed, "the log is closed"), false) }
      change(&state)
      state.buffer += Self.framed([kind.rawValue] + value, synced: state.synced)
      if let completion { state.newest = completion }
      defer { state.isDraining = true }
      return (nil, !state.isDraining)
    }
    if let failure { completion?.failed(failure) }
    if mustDrain { queue.async { self.drain() } }
  }

  private func drain() {
    while true {
      var closers: [CheckedContinuation<Void, Never>] = []
      let work = state.withLock { state -> ([UInt8], IOCompletion?)? in
        if state.buffer.isEmpty || state.failure != nil {
          state.isDraining = false
          swap(&closers, &state.closers)
          return nil
        }
        defer { (state.buffer, state.newest) = ([], nil) }
        return (state.buffer, state.newest)
      }
      guard let (bytes, completion) = work else {
        for closer in closers { closer.resume() }
        return
      }
      do throws(StorageError) {
        try device.append(bytes)
        try device.sync()
        state.withLock { $0.synced += UInt64(bytes.count) }
        completion?.flushed()
      } catch {
        let waiting = state.withLock { state in
          state.failure = error
          return state.newest
        }
        (completion ?? waiting)?.failed(error)
      }
    }
  }

  // MARK: Reads

  /// The entries from one index through another, as far as the limit admits, one at least.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    if first > last { return [] }
    let (slices, isClosed) = state.withLock { ($0.slices, $0.isClosed) }
    if isClosed { throw StorageError(.closed, "the log is closed") }
    var found: [EntrySlice] = []
    var size = 0
    for slice in slices {
      guard let part = slice.clamped(from: first, through: last) else { continue }
      if found.isEmpty && part.first != first { break }
      if size + part.byteCount <= byteLimit {
        found.append(part)
        size += part.byteCount
        continue
      }
      var end = part.first
      size += part.payload(at: end).count
      while end < part.last, size + part.payload(at: end.next).count <= byteLimit {
        end = end.next
        size += part.payload(at: end).count
      }
      if found.isEmpty || size <= byteLimit,
        let piece = part.clamped(from: part.first, through: end)
      {
        found.append(piece)
      }
      break
    }
    if found.isEmpty { throw StorageError(.missing, "entry \(first) is not in the log") }
    return found
  }

  // MARK: Records

  private static func framed(_ body: [UInt8], synced: UInt64) -> [UInt8] {
    let checked = littleEndian(synced) + body
    return littleEndian(magic) + littleEndian(UInt32(body.count))
      + littleEndian(checksum(checked)) + checked
  }

  private static func record(
    in bytes: [UInt8], at start: Int
  ) -> (body: ArraySlice<UInt8>, next: Int, synced: UInt64)? {
    guard start + headSize <= bytes.count else { return nil }
    guard littleEndian(bytes[start..<(start + 4)]) == UInt64(magic) else { return nil }
    let next = start + headSize + Int(littleEndian(bytes[(start + 4)..<(start + 8)]))
    guard next <= bytes.count else { return nil }
    guard checksum(bytes[(start + 16)..<next]) == littleEndian(bytes[(start + 8)..<(start + 16)])
    else { return nil }
    return (
      bytes[(start + headSize)..<next], next, littleEndian(bytes[(start + 16)..<(start + 24)])
    )
  }
}
