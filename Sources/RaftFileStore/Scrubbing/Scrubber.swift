internal import Raft
internal import RaftCodec
internal import RaftConcurrency
internal import RaftFiles

/// Reads the complete segments of the log and the newest snapshot again and again, slowly, so that
/// damage is found while other nodes still have what is lost.
///
/// It has a thread of its own, which ends with ``stop()`` or with the last reference.
final class Scrubber: Sendable {
  private struct State {
    var isStopping = false
    var damage: [StorageError] = []
    var reports: [@Sendable (StorageError) -> Void] = []
  }

  /// What is read at once.
  private static let stretch = 1 << 18
  /// How long it rests when it has read all there is, be that nothing.
  private static let rest: Int64 = 100_000_000

  private let state: Monitor<State>
  private let thread: DiskThread

  /// A segment that is complete, and where it ends.
  typealias Complete = (segment: SegmentFile, end: SegmentPosition)

  /// Begins to read at this rate, in bytes a second.
  ///
  /// - Parameters:
  ///   - rate: How many bytes a second.
  ///   - next: The next complete segment behind the one of this number, at the time.
  ///   - snapshot: The newest snapshot at the time.
  init(
    rate: Int, next: @escaping @Sendable (_ number: UInt64?) -> Complete?,
    snapshot: @escaping @Sendable () -> FileSnapshot?
  ) throws(StorageError) {
    let state = Monitor(State())
    self.state = state
    self.thread = try DiskThread(name: "raft-log-scrub")
    _ = self.thread.submit {
      while Self.round(next, snapshot, rate: rate, state) {}
    }
  }

  deinit {
    self.requestStop()
  }

  /// What was found so far, each damaged segment once.
  var damage: [StorageError] { self.state.withLock { $0.damage } }

  /// Tells of all damage, also of what was found before.
  func report(to body: @escaping @Sendable (StorageError) -> Void) {
    let known = self.state.withLock { state in
      state.reports.append(body)
      return state.damage
    }
    for damage in known { body(damage) }
  }

  /// Returns when the thread has ended.
  func stop() async {
    self.requestStop()
    await self.thread.stop()
  }

  private func requestStop() {
    self.state.withLock { $0.isStopping = true }
    self.state.wake()
  }

  /// Reads everything once; `false` if it is to stop.
  private static func round(
    _ next: (UInt64?) -> Complete?, _ snapshot: () -> FileSnapshot?, rate: Int,
    _ state: Monitor<State>
  ) -> Bool {
    func pause(for count: Int) throws(StorageError) {
      let time = Int64(Double(count) / Double(rate) * 1e9)
      if Self.mustStop(within: time, state) { throw .storeClosed }
    }
    var number: UInt64?
    while let (segment, end) = next(number) {
      number = segment.header.number
      let isGoingOn = Self.attempt(state) { () throws(StorageError) in
        _ = try Self.read(segment, through: end, before: pause)
      }
      guard isGoingOn else { return false }
    }
    if let snapshot = snapshot() {
      let isGoingOn = Self.attempt(state) { () throws(StorageError) in
        try snapshot.scrub(after: pause)
      }
      guard isGoingOn else { return false }
    }
    return !Self.mustStop(within: Self.rest, state)
  }

  /// Notes the damage that comes of reading; `false` if it is to stop.
  private static func attempt(
    _ state: Monitor<State>, _ body: () throws(StorageError) -> Void
  ) -> Bool {
    do throws(StorageError) {
      try body()
    } catch {
      if error.kind == .closed { return false }
      if error.kind == .corrupted { Self.note(error, state) }
    }
    return true
  }

  /// Reads one complete segment from the device; returns how many bytes it has.
  ///
  /// A segment that was purged meanwhile is none.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if it is damaged.
  static func read(
    _ segment: SegmentFile, through end: SegmentPosition,
    before read: (Int) throws(StorageError) -> Void = { (_) throws(StorageError) in }
  ) throws(StorageError) -> Int {
    do throws(FileError) {
      try segment.file().dropCache()
    } catch {
      if error.code == .notFound { return 0 }
      throw StorageError(error)
    }
    defer { segment.release() }
    var last = segment.header.previousLogID
    let verdict = try SegmentScan.run(
      segment, through: end, stretch: Self.stretch, before: read
    ) { (scanned) throws(CodecError) in
      if scanned.kind == .entries { last = try scanned.entryRun().lastLogID }
    }
    _ = try SegmentScan.end(of: segment, verdict, after: last)
    return end.offset
  }

  private static func note(_ damage: StorageError, _ state: Monitor<State>) {
    let reports = state.withLock { state -> [@Sendable (StorageError) -> Void] in
      guard !state.damage.contains(damage) else { return [] }
      state.damage.append(damage)
      return state.reports
    }
    for report in reports { report(damage) }
  }

  /// Whether it is to stop; waits so many nanoseconds for that.
  private static func mustStop(within nanoseconds: Int64, _ state: Monitor<State>) -> Bool {
    state.wait(atMost: nanoseconds) { $0.isStopping ? true : nil } ?? false
  }
}
