public import Raft
internal import RaftCodec
internal import RaftConcurrency

/// The write-ahead log of a ``FileStore``: votes and entries in one order, in checksummed segments.
///
/// Calls of the node's core return at once: a thread of the store's own writes everything that
/// arrived while it was busy, syncs once, and reports the newest of the writes. The newest entries
/// stay in memory; older ones are read back from the disk, on another thread, and checked.
///
/// A failed write or sync stops the log for good: it is reported, never repeated, and every later
/// write fails. Open the directory anew to find out what is durable.
///
/// All methods may be called from any thread.
public final class FileLogStore: LogStore {
  private let queue = Monitor(LogQueue())
  private let writer: Monitor<LogWriter?>
  private let folder: Folder
  private let writing: DiskThread
  private let reading: DiskThread
  private let scrubber: Scrubber?
  private let room = LogRoom()
  private let configuration: FileStoreConfiguration
  private var tailSize: Int { self.configuration.tailSize }

  /// Starts the threads of a log in an open directory, beside these snapshots.
  init(
    _ folder: Folder, beside shelf: Monitor<SnapshotShelf>, configuration: FileStoreConfiguration
  ) throws(StorageError) {
    self.folder = folder
    self.configuration = configuration
    let writer = Monitor<LogWriter?>(nil)
    let queue = self.queue
    self.writer = writer
    self.writing = try DiskThread(
      name: "raft-log",
      whenIdle: configuration.sealDelay.map { delay in
        (
          delay,
          { Self.attempt(queue, writer) { writer throws(StorageError) in try writer.seal() } }
        )
      })
    self.reading = try DiskThread(name: "raft-log-reads")
    if let rate = configuration.scrubRate {
      self.scrubber = try Scrubber(
        rate: rate, next: { number in writer.withLock { $0?.completeSegment(after: number) } },
        snapshot: { shelf.withLock { $0.newest } })
    } else {
      self.scrubber = nil
    }
  }

  /// What the log holds; reads its newest file, and repairs what an interrupted write left there.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if durable records are
  ///   damaged; then the log serves nothing.
  public func load() async throws(StorageError) -> StoredLog {
    guard self.queue.withLock({ $0.phase }) == .opened else {
      throw StorageError(.closed, "the log store is loaded or closed already: open it anew")
    }
    let (folder, configuration, room) = (self.folder, self.configuration, self.room)
    let (recovered, writer) = try await self.writing.run { () throws(StorageError) in
      let recovered = try folder.recoverLog(configuration)
      let writer = try LogWriter(
        recovered, segmentSize: configuration.segmentSize,
        reserve: folder.reserve(configuration), room: room)
      return (recovered, writer)
    }
    self.writer.withLock { $0 = writer }
    self.queue.withLock { $0.serve(recovered) }
    let state = recovered.state
    return StoredLog(
      incarnation: recovered.identity.incarnation, cluster: state.cluster, vote: state.vote,
      purged: state.purged, last: state.last, committed: state.committed)
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
  /// Space on the disk is given back by whole segments, once the purge is durable.
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

  /// That the disk is nearly full; `nil` while it is not.
  ///
  /// Then only ``FileStoreConfiguration/reserveSize`` bytes or less are left, or the reserve is being
  /// spent. What comes is still written, for as long as that goes; a disk that has no space at all
  /// stops the log. Whoever asks has the disk looked at again, so the log goes on by itself once there
  /// is space.
  public var shortage: StorageError? {
    guard self.room.isShort else { return nil }
    if self.room.beginLooking() {
      let (queue, writer) = (self.queue, self.writer)
      _ = self.writing.submit {
        Self.attempt(queue, writer) { writer throws(StorageError) in try writer.lookForRoom() }
      }
    }
    return StorageError(
      .full,
      "the disk of \(self.folder.layout.root) is nearly full, and takes no entries: free some space, "
        + "and the log goes on by itself")
  }

  /// Reads entries, from the first index on.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.missing` if the first entry is
  ///   purged or was never there, `StorageError.Kind.corrupted` if its record is damaged.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    guard first <= last else { return [] }
    let read = LogRead(first: first, last: last, byteLimit: byteLimit)
    let plan = try self.queue.withLock { (queue) throws(StorageError) in
      if queue.phase != .loaded, let refusal = queue.refusal { throw refusal }
      return try read.plan(with: queue.index)
    }
    switch plan {
    case .inMemory(let slices): return slices
    case .onDisk(let spans):
      do throws(StorageError) {
        return try await self.reading.run { () throws(StorageError) in try read.readBack(spans) }
      } catch {
        // The segment may have gone while its turn to be read came.
        try self.queue.withLock { (queue) throws(StorageError) in
          guard first >= queue.index.base.nextIndex else { throw queue.index.missing(first) }
        }
        throw error
      }
    }
  }

  /// What a start must know of these entries: from the index at the end of each file, and a few of the
  /// entries.
  public func outline(
    from first: LogIndex, through last: LogIndex
  ) async throws(StorageError) -> LogOutline {
    let spans = try self.queue.withLock { (queue) throws(StorageError) in
      if queue.phase != .loaded, let refusal = queue.refusal { throw refusal }
      return queue.index.spans(from: first, through: last)
    }
    guard spans.last?.last == last else {
      return try await LogOutline.scanning(self, from: first, through: last)
    }
    let writer = self.writer
    return try await self.reading.run { () throws(StorageError) in
      var read = OutlineRead(current: writer.withLock { $0?.currentIndex })
      return try read.read(spans)
    }
  }

  /// Reads the complete files of the log again, from the device, as fast as it goes.
  ///
  /// The file that is being written is left out. Other reads wait meanwhile, a file at a time.
  ///
  /// - Throws: `StorageError` if the log is not open, or a file cannot be read at all.
  public func verify() async throws(StorageError) -> LogVerification {
    try self.queue.withLock { (queue) throws(StorageError) in
      if let refusal = queue.refusal { throw refusal }
    }
    var verification = LogVerification()
    var number: UInt64?
    let writer = self.writer
    while true {
      let after = number
      let (next, result) = try await self.reading.run { () throws(StorageError) in
        let complete = writer.withLock { $0?.completeSegment(after: after) }
        return (
          complete?.segment.header.number,
          Result { () throws(StorageError) in
            try complete.map { (complete) throws(StorageError) in
              try Scrubber.read(complete.segment, through: complete.end)
            } ?? 0
          }
        )
      }
      guard let next else { break }
      number = next
      switch result {
      case .success(let count):
        verification.byteCount += count
        verification.fileCount += count > 0 ? 1 : 0
      case .failure(let error):
        guard error.kind == .corrupted else { throw error }
        verification.damage.append(error)
      }
    }
    return verification
  }

  /// The damage that reading the log and the newest snapshot again has found so far; see
  /// ``FileStoreConfiguration/scrubRate``.
  public var damage: [StorageError] { self.scrubber?.damage ?? [] }

  /// Calls this closure for all damage that reading the log and the newest snapshot again finds, also
  /// for what was found before, once for each.
  ///
  /// The message says which file is damaged, where, and which entries it concerns. A damaged entry
  /// or snapshot is refused when it is read, and never taken for one that is not there; whoever hears of the
  /// damage may rebuild the node from the cluster before that happens. The closure is called on a
  /// thread of the store's own, or at once by this method, and must not block.
  public func reportDamage(to body: @escaping @Sendable (StorageError) -> Void) {
    self.scrubber?.report(to: body)
  }

  /// Writes what is left, syncs, ends the threads, and lets another process have the directory.
  ///
  /// The snapshots of the same ``FileStore`` are closed too. A second call does nothing.
  public func close() async {
    guard self.queue.withLock({ $0.close() }) else { return }
    let (queue, writer) = (self.queue, self.writer)
    _ = self.writing.submit {
      Self.drain(queue, writer, tailSize: 0) { $0.takeLastBatch() }
      Self.attempt(queue, writer) { (writer) throws(StorageError) in try writer.close() }
    }
    await self.scrubber?.stop()
    await self.writing.stop()
    await self.reading.stop()
    await self.folder.close()
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
    let (queue, writer, tailSize, folder) = (self.queue, self.writer, self.tailSize, self.folder)
    // The thread is not stopped before the queue is closed, and the last job then drains it.
    _ = self.writing.submit {
      // The folder stays locked for as long as something is written to it.
      withExtendedLifetime(folder) {
        Self.drain(queue, writer, tailSize: tailSize) { $0.takeBatch() }
      }
    }
  }

  /// Writes batch after batch until there is none.
  private static func drain(
    _ queue: Monitor<LogQueue>, _ writer: Monitor<LogWriter?>, tailSize: Int,
    taking take: (inout LogQueue) -> LogBatch?
  ) {
    while var batch = queue.withLock(take) {
      let isWritten = self.attempt(
        queue, writer, reportingTo: { batch.completion },
        { (writer) throws(StorageError) in
          let written = try writer.commit(&batch) { sizeMax in
            queue.withLock { $0.takeMore(sizeMax) }
          }
          queue.withLock { $0.note(written, tailSize: tailSize) }
        })
      guard isWritten else { return }
      batch.completion?.flushed()
      self.attempt(queue, writer) { (writer) throws(StorageError) in try writer.reclaim() }
    }
  }

  /// Lets the body use the writer, unless that has failed; a failure is latched and reported.
  @discardableResult
  private static func attempt(
    _ queue: Monitor<LogQueue>, _ writer: Monitor<LogWriter?>,
    reportingTo completion: () -> IOCompletion? = { nil },
    _ body: (inout LogWriter) throws(StorageError) -> Void
  ) -> Bool {
    do throws(StorageError) {
      return try writer.withLock { (writer) throws(StorageError) in
        guard var open = writer else { return false }
        // Whatever is tried after a failure must not reach the files again.
        writer = nil
        try body(&open)
        writer = open
        return true
      }
    } catch {
      let waiting = queue.withLock { $0.fail(error) }
      completion()?.failed(error)
      waiting?.failed(error)
      return false
    }
  }
}
