#if RocksDB
public import Raft
internal import RaftConcurrency

/// The snapshots of a ``RocksDBStore``: checksummed pieces in the database, the newest few.
///
/// What makes a snapshot one is written last, with a sync, so it is there as a whole or not at all.
/// Earlier ones are removed only when a newer one is durable; who holds one of them can go on reading
/// it. What a crash left of an unfinished one is removed at the opening.
///
/// All methods may be called from any thread; they suspend while a thread of the store's own uses
/// the disk.
public final class RocksDBSnapshotStore: SnapshotStore {
  private let database: Database
  private let thread: WorkerThread
  private let shelf = Monitor(SnapshotShelf())
  private let snapshotCount: Int

  init(_ database: Database, thread: WorkerThread, snapshotCount: Int) {
    self.database = database
    self.thread = thread
    self.snapshotCount = snapshotCount
  }

  /// The newest complete snapshot; `nil` if there is none.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if there are snapshots,
  ///   and the description of every one is damaged.
  public func latest() async throws(StorageError) -> (any StoredSnapshot)? {
    try self.shelf.withLock { (shelf) throws(StorageError) in
      if let newest = shelf.newest { return newest }
      if let damage = shelf.damage { throw damage }
      return nil
    }
  }

  /// Begins to write a snapshot.
  public func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter {
    let number = self.shelf.withLock { $0.takeNumber() }
    return RocksDBSnapshotWriter(
      SnapshotDraft(meta, number: number, in: self.database), for: self, thread: self.thread)
  }

  /// Finds the snapshots, and removes what is left of unfinished and superseded ones.
  func prepare() async throws(StorageError) {
    let (database, thread, shelf) = (self.database, self.thread, self.shelf)
    let count = self.snapshotCount
    try await thread.run(orThrow: .storeClosed) { () throws(StorageError) in
      let found = try SnapshotShelf(in: database, thread: thread)
      let superseded = shelf.withLock { shelf in
        shelf = found
        return shelf.retire(keeping: count)
      }
      _ = superseded
    }
  }

  /// Ends a draft and makes it a snapshot of the store; blocks.
  func keep(_ draft: inout SnapshotDraft) throws(StorageError) -> RocksDBSnapshot {
    let newest = self.shelf.withLock { $0.newest?.meta.lastLogID }
    let snapshot = RocksDBSnapshot(
      try draft.finish(behind: newest), number: draft.number, in: self.database, thread: self.thread
    )
    // They go when nobody holds them any more, and not while the shelf is locked.
    let superseded = self.shelf.withLock { shelf in
      shelf.add(snapshot)
      return shelf.retire(keeping: self.snapshotCount)
    }
    _ = superseded
    return snapshot
  }
}
#endif
