#if RocksDB
public import Raft
internal import RaftConcurrency

/// The log and the vote of a ``RocksDBStore``.
///
/// Calls of the node's core return at once: a thread of the store's own writes everything that
/// arrived while it was busy, as one synced write of RocksDB, and reports the newest of the writes.
/// The newest entries stay in memory; older ones are read back on another thread, and checked.
///
/// A failed write or sync stops the store for good, with its snapshots and the machine's rows: it is
/// reported, never repeated, and every later write fails. Open the directory anew to find out what
/// is durable.
///
/// All methods may be called from any thread.
public final class RocksDBLogStore: LogStore {
  private let queue = Monitor(LogQueue())
  private let writer = Monitor<LogWriter?>(nil)
  private let database: Database
  private let incarnation: Incarnation
  private let tailSize: Int
  private let writing: WorkerThread
  private let reading: WorkerThread
  private let whenClosed: @Sendable () async -> Void

  /// The log in an open database, which it closes; `writing` is its thread from now on.
  init(
    _ database: Database, incarnation: Incarnation, tailSize: Int, writing: WorkerThread,
    whenClosed: @escaping @Sendable () async -> Void
  ) throws(StorageError) {
    self.database = database
    self.incarnation = incarnation
    self.tailSize = tailSize
    self.writing = writing
    self.reading = try .start("raft-rocks-read")
    self.whenClosed = whenClosed
  }

  /// What the log holds; reads where it begins and ends.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if entries are missing or
  ///   damaged there.
  public func load() async throws(StorageError) -> StoredLog {
    guard self.queue.withLock({ $0.phase }) == .opened else {
      throw StorageError(.closed, "the log store is loaded or closed already: open it anew")
    }
    let database = self.database
    let state = try await self.writing.run(orThrow: .storeClosed) { () throws(StorageError) in
      try LogState(recoveredFrom: database)
    }
    self.writer.withLock { $0 = LogWriter(state, of: database) }
    self.queue.withLock { $0.serve(state) }
    return StoredLog(
      incarnation: self.incarnation, cluster: state.cluster, vote: state.vote,
      purged: state.purged, last: state.end, committed: state.committed)
  }

  /// Binds the store to a cluster; the write fails if it is bound to another one.
  public func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(completion) { $0.enqueue(.adopt(cluster), completion: completion) }
  }

  /// Stores the vote in place of the earlier one.
  public func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.write(completion) { $0.enqueue(.vote(vote), completion: completion) }
  }

  /// Adds entries.
  ///
  /// - Precondition: the first one follows the last one in the store, and no payload is longer
  ///   than about 1 GiB.
  public func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.write(completion) { $0.append(entries, completion: completion) }
  }

  /// Removes all entries after this position; written together with what follows.
  public func truncate(after last: LogID?) {
    self.write(nil) { queue in
      queue.truncate(after: last)
      return .rest
    }
  }

  /// Removes all entries through this position; does nothing if they are purged already.
  ///
  /// RocksDB gives their space back when it next tidies up the files that they are in.
  public func purge(through logID: LogID) {
    self.write(nil) { $0.purge(through: logID) }
  }

  /// Notes how far the log is committed; written together with what follows.
  public func note(committed: LogID) {
    self.write(nil) { queue in
      queue.note(committed: committed)
      return .rest
    }
  }

  /// Reads entries, from the first index on.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.missing` if the first entry is
  ///   purged or was never there, `StorageError.Kind.corrupted` if it is damaged or lost.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    guard first <= last else { return [] }
    let place = try self.queue.withLock { (queue) throws(StorageError) in
      if queue.phase != .loaded, let refusal = queue.refusal { throw refusal }
      return try queue.tail.place(from: first, through: last, byteLimit: byteLimit)
    }
    switch place {
    case .memory(let slices): return slices
    case .database(let end):
      let database = self.database
      do throws(StorageError) {
        return try await self.reading.run(orThrow: .storeClosed) { () throws(StorageError) in
          try LogReader.entries(from: first, through: end, byteLimit: byteLimit, in: database)
        }
      } catch {
        // The entry may have gone while its turn to be read came.
        try self.queue.withLock { (queue) throws(StorageError) in
          _ = try queue.tail.place(from: first, through: first, byteLimit: 1)
        }
        throw error
      }
    }
  }

  /// Writes what is left, syncs, ends the threads, and closes the database.
  ///
  /// Snapshots and machine of the same ``RocksDBStore`` are closed too. A second call does nothing.
  public func close() async {
    guard self.queue.withLock({ $0.close() }) else { return }
    let (queue, writer, database) = (self.queue, self.writer, self.database)
    await self.reading.stop()
    _ = self.writing.submit {
      Self.drain(queue, writer, tailSize: 0) { $0.takeLastBatch() }
      writer.withLock { $0 = nil }
      database.close()
    }
    await self.writing.stop()
    await self.whenClosed()
  }

  // MARK: Writing

  /// Queues a write, or refuses it through its completion.
  @discardableResult
  private func write(
    _ completion: IOCompletion?, _ body: (inout LogQueue) -> LogQueue.Urgency
  ) -> Durability {
    let (refusal, urgency) = self.queue.withLock { queue in
      queue.refusal.map { ($0, .rest) } ?? (nil, body(&queue))
    }
    if let refusal { completion?.failed(refusal) }
    if urgency == .wake { self.wakeWriter() }
    return .pending
  }

  private func wakeWriter() {
    let (queue, writer, tailSize) = (self.queue, self.writer, self.tailSize)
    // The thread is not stopped before the queue is closed, and the last job then drains it.
    _ = self.writing.submit {
      Self.drain(queue, writer, tailSize: tailSize) { $0.takeBatch() }
    }
  }

  /// Writes batch after batch until there is none; the first failure is the last thing that happens.
  private static func drain(
    _ queue: Monitor<LogQueue>, _ writer: Monitor<LogWriter?>, tailSize: Int,
    taking take: (inout LogQueue) -> LogBatch?
  ) {
    while let batch = queue.withLock(take) {
      do throws(StorageError) {
        try writer.withLock { (writer) throws(StorageError) in
          guard var open = writer else { throw StorageError.storeClosed }
          writer = nil
          try open.commit(batch)
          writer = open
        }
      } catch {
        let waiting = queue.withLock { $0.fail(error) }
        batch.completion?.failed(error)
        waiting?.failed(error)
        return
      }
      queue.withLock { $0.note(durable: batch.ticket, tailSize: tailSize) }
      batch.completion?.flushed()
    }
  }
}
#endif
