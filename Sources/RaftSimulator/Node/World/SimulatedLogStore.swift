import Raft
import RaftMemoryStore

/// A log store over a simulated disk, for one life of a node.
///
/// What is written can be read at once, and becomes durable in flushes that take their time and
/// cover everything written before they began. A crash loses what no flush covered, or keeps some
/// of the first of it.
final class SimulatedLogStore: LogStore, @unchecked Sendable {
  private struct Write {
    let operation: NodeDisk.Operation
    let completion: IOCompletion?
  }

  private let disk: NodeDisk
  private unowned let station: NodeStation
  private var visible: MemoryLogStore
  /// Written, and not covered by the flush under way.
  private var waiting: [Write] = []
  /// Covered by the flush under way.
  private var flushing: [Write] = []
  private var isFlushing = false
  /// Set by a crash, a failure or the end: nothing is accepted any more.
  private var isClosed = false
  /// Why, if the device failed.
  private var failure: StorageError?
  private var closers: [UnsafeContinuation<Void, Never>] = []

  private var world: NodeWorld { self.disk.world }

  init(_ station: NodeStation) {
    self.station = station
    self.disk = station.disk
    self.visible = MemoryLogStore(incarnation: station.disk.incarnation)
  }

  /// What survives of the writes that no flush covered.
  enum Survivors {
    /// Some of the first.
    case someWrites
    case noWrite
  }

  /// The power is gone.
  func crash(_ survivors: Survivors = .someWrites) {
    guard !self.isClosed else { return }
    self.isClosed = true
    let lost = self.flushing + self.waiting
    let isLost = lost.isEmpty || survivors == .noWrite
    let kept = isLost ? 0 : self.world.draw(0...lost.count)
    for write in lost.prefix(kept) { self.disk.keep(write.operation) }
    if kept < lost.count, survivors == .someWrites {
      self.disk.keepSome(of: lost[kept].operation)
      self.world.coverage.crashesWithLostTail += 1
    }
    self.world.note(
      .fault, self.disk.id, "of \(lost.count) writes that were not durable its disk kept \(kept)")
    self.drop()
  }

  func load() async throws(StorageError) -> StoredLog {
    await self.pause()
    self.visible = try await self.disk.copy()
    return try await self.visible.load()
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(.adopt(cluster), completion)
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.world.note(.command, self.disk.id, "save vote (\(vote))")
    return self.write(.save(vote), completion)
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.world.note(.command, self.disk.id, "append (\(entries))")
    self.world.noteStored(entries.run, on: self.disk.id)
    return self.write(.append(entries), completion)
  }

  func truncate(after last: LogID?) {
    self.world.note(.command, self.disk.id, "truncate (after \(last.brief))")
    self.world.coverage.truncations += 1
    _ = self.write(.truncate(last), nil)
  }

  func purge(through logID: LogID) {
    self.world.note(.command, self.disk.id, "purge (through \(logID))")
    _ = self.write(.purge(logID), nil)
  }

  func note(committed: LogID) {
    _ = self.write(.note(committed), nil)
  }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    await self.pause()
    guard !self.isClosed else { throw Self.closed }
    return try await self.visible.entries(from: first, through: last, byteLimit: byteLimit)
  }

  func close() async {
    while !self.isClosed, self.isFlushing || !self.waiting.isEmpty {
      await withUnsafeContinuation { self.closers.append($0) }
    }
    self.isClosed = true
  }

  // MARK: Flushing

  private func write(
    _ operation: NodeDisk.Operation, _ completion: IOCompletion?
  ) -> Durability {
    guard !self.isClosed else {
      if let failure = self.failure { completion?.failed(failure) }
      return .pending
    }
    NodeDisk.carry(out: operation, on: self.visible)
    // A device that needs no time is durable at once, like memory, as long as nothing waits.
    if self.disk.latency.upperBound == 0, !self.isFlushing, self.waiting.isEmpty,
      !self.disk.failsNextFlush
    {
      self.disk.keep(operation)
      guard let completion, self.world.happens(500) else { return .flushed }
      completion.flushed()
      return .pending
    }
    self.waiting.append(Write(operation: operation, completion: completion))
    self.beginFlush()
    return .pending
  }

  private func beginFlush() {
    guard !self.isFlushing, !self.waiting.isEmpty, !self.isClosed else { return }
    self.isFlushing = true
    self.world.executor.after(self.world.draw(self.disk.latency)) {
      self.station.whenAwake { self.disk.whenWorking { self.endFlush() } }
    }
    swap(&self.flushing, &self.waiting)
  }

  private func endFlush() {
    guard !self.isClosed else { return }
    if self.disk.failsNextFlush {
      self.disk.failsNextFlush = false
      self.failFlush()
      return
    }
    var done: [Write] = []
    swap(&done, &self.flushing)
    self.isFlushing = false
    for write in done { self.disk.keep(write.operation) }
    let reports = done.compactMap(\.completion)
    if let newest = reports.last {
      self.world.note(.input, self.disk.id, "flushed (\(newest.io))")
    }
    // A store may report every write, or the newest one alone.
    if self.world.happens(300) {
      reports.last?.flushed()
    } else {
      for report in reports { report.flushed() }
    }
    self.beginFlush()
    if !self.isFlushing { self.wakeClosers() }
  }

  private func failFlush() {
    self.isClosed = true
    self.world.note(.fault, self.disk.id, "its disk fails")
    let lost = self.flushing
    let isScripted = self.world.profile.script != nil
    let kept = isScripted ? 0 : self.world.draw(0...lost.count)
    for write in lost.prefix(kept) { self.disk.keep(write.operation) }
    let failure = StorageError(.io, "injected: the device reported an error")
    self.failure = failure
    // The write that failed may be one that nobody waits for; those behind it are lost all the same.
    (lost + self.waiting).lazy.compactMap(\.completion).first?.failed(failure)
    self.drop()
  }

  private func drop() {
    self.flushing = []
    self.waiting = []
    self.wakeClosers()
  }

  private func wakeClosers() {
    let closers = self.closers
    self.closers = []
    for closer in closers { closer.resume() }
  }

  private func pause() async {
    if self.disk.latency.upperBound > 0 {
      await self.world.sleep(for: self.world.draw(self.disk.latency) / 4)
    }
    await self.station.untilAwake()
  }

  private static let closed = StorageError(.closed, "injected: the power is gone")
}

extension LogID? {
  /// The position for people.
  var brief: String { self.map(String.init(describing:)) ?? "-" }
}
