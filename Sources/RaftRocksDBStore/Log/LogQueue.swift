#if RocksDB
internal import Raft

/// What the callers of a log store and its thread share, under one lock.
struct LogQueue: Sendable {
  enum Phase {
    /// Open, and not yet loaded.
    case opened
    /// Loaded: reads and writes are served.
    case loaded
    /// Closed: nothing is served.
    case closed
  }

  /// Whether the thread must be told that there is work.
  enum Urgency {
    case wake
    case rest
  }

  /// Entries of one write are cut into rows of about this many bytes, so that reading a few of them
  /// later reads little more.
  static let rowSize = 1 << 20

  private(set) var phase = Phase.opened
  /// What every call is told since the log failed.
  private(set) var failure: StorageError?
  /// Where the log begins and ends, and its newest entries.
  private(set) var tail = LogTail()
  private var batch = LogBatch()
  /// Whether the thread was told to look at the batch.
  private var isDraining = false

  /// Why nothing can be written at the moment; `nil` if it can.
  var refusal: StorageError? {
    switch self.phase {
    case .loaded: self.failure?.latched
    case .opened:
      StorageError(.closed, "the log store is not loaded: load it before the first write or read")
    case .closed: .storeClosed
    }
  }

  /// Begins to serve a log.
  mutating func serve(_ state: LogState) {
    self.phase = .loaded
    self.tail = LogTail(base: state.purged, last: state.end)
  }

  /// Serves nothing from now on; what waits is still written.
  ///
  /// Returns `false` if it was closed already.
  mutating func close() -> Bool {
    defer { self.phase = .closed }
    return self.phase != .closed
  }

  /// Latches the first failure; returns who waited for what will not be written any more.
  mutating func fail(_ error: StorageError) -> IOCompletion? {
    self.failure = self.failure ?? error
    self.isDraining = false
    defer { self.batch = LogBatch() }
    return self.batch.completion
  }

  /// Takes everything that waits; `nil` if nothing does, and then the thread must be told again.
  mutating func takeBatch() -> LogBatch? {
    guard self.failure == nil, self.batch.isUrgent else {
      self.isDraining = false
      return nil
    }
    defer { self.batch = LogBatch() }
    return self.batch
  }

  /// Takes everything that waits at the end, be it a note alone.
  mutating func takeLastBatch() -> LogBatch? {
    guard self.failure == nil, self.phase == .closed, !self.batch.operations.isEmpty else {
      return nil
    }
    defer { self.batch = LogBatch() }
    return self.batch
  }

  /// Notes that entries are durable.
  mutating func note(durable ticket: UInt64, tailSize: Int) {
    self.tail.note(durable: ticket, tailSize: tailSize)
  }

  // MARK: Writes

  /// Queues a write that somebody waits for.
  mutating func enqueue(_ operation: LogOperation, completion: IOCompletion) -> Urgency {
    self.batch.operations.append(operation)
    self.batch.completion = completion
    return self.urgency
  }

  /// Queues entries.
  ///
  /// - Precondition: the first one follows the last one in the log.
  mutating func append(_ entries: EntrySlice, completion: IOCompletion) -> Urgency {
    let last = self.tail.last
    precondition(
      entries.first == last.nextIndex,
      "append of \(entries) to a log that ends at \(last.map { "\($0)" } ?? "nothing")")
    for part in entries.parts(ofAbout: Self.rowSize) {
      self.batch.ticket = self.tail.append(part)
      self.batch.operations.append(.entries(part))
    }
    self.batch.completion = completion
    return self.urgency
  }

  /// Queues a truncation; an append follows, with which it is written.
  mutating func truncate(after position: LogID?) {
    // What is purged stays purged.
    let base = self.tail.base
    let kept = position.nextIndex < base.nextIndex ? base : position
    guard kept.nextIndex < self.tail.last.nextIndex else { return }
    self.tail.truncate(after: kept)
    self.batch.operations.append(.truncate(after: kept))
  }

  /// Queues a purge.
  mutating func purge(through logID: LogID) -> Urgency {
    guard self.tail.base.nextIndex <= logID.index else { return .rest }
    self.tail.purge(through: logID)
    self.batch.operations.append(.purge(through: logID))
    return self.urgency
  }

  /// Queues a note, which goes along with the next write: not before what was written earlier, nor
  /// after what is written later.
  mutating func note(committed: LogID) {
    if case .note = self.batch.operations.last { self.batch.operations.removeLast() }
    self.batch.operations.append(.note(committed: committed))
  }

  private var urgency: Urgency {
    mutating get {
      self.batch.isUrgent = true
      defer { self.isDraining = true }
      return self.isDraining ? .rest : .wake
    }
  }
}
#endif
