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

  /// Entries of one write are cut into records of about this many bytes, so that reading a few of
  /// them later reads little more.
  static let recordSize = 1 << 20

  private(set) var phase = Phase.opened
  /// What every call is told since the log failed.
  private(set) var failure: StorageError?
  /// Where the entries are, including those that wait.
  private(set) var index = EntryIndex()
  private var purged: LogID?
  private var batch = LogBatch()
  private var nextTicket: UInt64 = 1
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

  /// Begins to serve the log that recovery found.
  mutating func serve(_ recovered: RecoveredLog) {
    self.phase = .loaded
    self.index = recovered.index
    self.purged = recovered.state.purged
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
    guard self.failure == nil, !self.batch.operations.isEmpty else {
      self.isDraining = false
      return nil
    }
    defer { self.batch = LogBatch() }
    return self.batch
  }

  /// Takes everything that waits, to be written with what was taken before, if it is no longer than
  /// so many bytes.
  mutating func takeMore(_ sizeMax: Int) -> LogBatch? {
    guard !self.batch.operations.isEmpty, self.batch.estimatedSize <= sizeMax else { return nil }
    defer { self.batch = LogBatch() }
    return self.batch
  }

  /// Takes everything that waits at the end, be it a watermark alone.
  mutating func takeLastBatch() -> LogBatch? {
    guard self.failure == nil, self.phase == .closed,
      !self.batch.operations.isEmpty || self.batch.watermark != nil
    else { return nil }
    defer { self.batch = LogBatch() }
    return self.batch
  }

  /// Notes what is durable.
  mutating func note(_ written: LogWriter.Written, tailSize: Int) {
    self.index.note(written)
    self.index.evict(downTo: tailSize)
  }

  // MARK: Writes

  /// Whether the thread must be told that there is work.
  enum Urgency {
    case wake
    case rest
  }

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
    let last = self.index.last
    precondition(
      entries.first == last.nextIndex,
      "append of \(entries) to a log that ends at \(last.map { "\($0)" } ?? "nothing")")
    for part in entries.parts(ofAbout: Self.recordSize) {
      self.index.append(part, ticket: self.nextTicket)
      self.batch.operations.append(.entries(part, ticket: self.nextTicket))
      self.nextTicket += 1
    }
    self.batch.completion = completion
    return self.urgency
  }

  /// Queues a truncation; an append follows, with which it is written.
  mutating func truncate(after position: LogID?) {
    // What is purged stays purged.
    let kept = position.nextIndex < self.purged.nextIndex ? self.purged : position
    guard kept.nextIndex < self.index.last.nextIndex else { return }
    self.index.truncate(after: kept)
    self.batch.operations.append(.truncate(after: kept))
  }

  /// Queues a purge.
  mutating func purge(through logID: LogID) -> Urgency {
    guard self.purged.nextIndex <= logID.index else { return .rest }
    self.purged = logID
    self.index.purge(through: logID)
    self.batch.operations.append(.purge(through: logID))
    return self.urgency
  }

  /// Notes a watermark, which goes along with the next batch.
  mutating func note(committed: LogID) {
    self.batch.watermark = committed
  }

  private var urgency: Urgency {
    mutating get {
      defer { self.isDraining = true }
      return self.isDraining ? .rest : .wake
    }
  }
}
