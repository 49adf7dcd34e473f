#if RocksDB
public import Raft
internal import RaftConcurrency
internal import RaftFiles

/// A node's log, vote and snapshots, and what its state machine keeps, in one database of RocksDB.
///
/// ```swift
/// let store = try await RocksDBStore.open(directory: "/var/lib/fleet/raft", node: 1)
/// // hand store.log and store.snapshots to the node, which closes them
/// ```
///
/// The directory belongs to one node and one process at a time. What the log reports as durable
/// is synced by RocksDB; an unfinished write at the end of RocksDB's own log is cut off at the next
/// start, and other damage that its checksums or ours find is refused with kind
/// `StorageError.Kind.corrupted`.
///
/// It is there if the package is built with its trait `RocksDB`, and needs the system's library of
/// that name.
public final class RocksDBStore: Sendable {
  /// The directory.
  public let directory: String
  /// The life of the data in it.
  public let incarnation: Incarnation
  /// The node's log and vote.
  public let log: RocksDBLogStore
  /// The node's snapshots.
  public let snapshots: RocksDBSnapshotStore
  /// The rows that the node's state machine may keep here.
  public let machine: RocksDBMachineTable

  /// How many synced writes the database has seen in its life; each waited for the disk.
  package var syncedWriteCount: UInt64 { self.database.syncedWriteCount }
  private let database: Database

  private init(
    _ opened: StoreOpening.Opened, _ opening: StoreOpening, writing: WorkerThread,
    snapshots: WorkerThread
  ) throws(StorageError) {
    let configuration = opening.configuration
    self.directory = opening.directory.path
    self.database = opened.database
    self.incarnation = opened.identity.incarnation
    self.snapshots = RocksDBSnapshotStore(
      opened.database, thread: snapshots, snapshotCount: configuration.snapshotCount)
    self.machine = RocksDBMachineTable(opened.database, thread: snapshots)
    self.log = try RocksDBLogStore(
      opened.database, incarnation: opened.identity.incarnation,
      tailSize: configuration.tailSize, writing: writing
    ) {
      await snapshots.stop()
      opened.lock.release()
    }
  }

  /// Opens a directory, or makes it with those above it.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory; the store owns it.
  ///   - node: The node whose data it holds.
  ///   - cluster: The cluster that the node must belong to, if it belongs to one; `nil` for any.
  ///   - configuration: How the store works.
  /// - Throws: `StorageError` with kind `StorageError.Kind.locked` if another process, or
  ///   another store of this one, has the directory open; `StorageError.Kind.foreign` if it
  ///   belongs to another node or cluster, to another kind of store, or to a newer version of the
  ///   format; `StorageError.Kind.corrupted` if RocksDB or we find it damaged.
  public static func open(
    directory: String, node: NodeID, cluster: ClusterID? = nil,
    configuration: RocksDBStoreConfiguration = RocksDBStoreConfiguration()
  ) async throws(StorageError) -> RocksDBStore {
    let opening = StoreOpening(
      directory: StoreDirectory(directory), node: node, cluster: cluster,
      configuration: configuration)
    let writing = try WorkerThread.start("raft-rocks-log")
    let snapshots = try WorkerThread.start("raft-rocks-snap")
    let opened = try await writing.run(orThrow: .storeClosed) { () throws(StorageError) in
      try opening.open()
    }
    let store = try RocksDBStore(opened, opening, writing: writing, snapshots: snapshots)
    do throws(StorageError) {
      try await store.snapshots.prepare()
    } catch {
      await store.close()
      throw error
    }
    return store
  }

  /// Closes everything; the same as closing the log.
  public func close() async {
    await self.log.close()
  }
}
#endif
