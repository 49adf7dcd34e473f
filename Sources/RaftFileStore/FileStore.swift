public import Raft
internal import RaftConcurrency
public import RaftFiles

/// A node's log, vote and snapshots in one directory.
///
/// ```swift
/// let store = try await FileStore.open(directory: "/var/lib/fleet/raft", node: 1)
/// // hand store.log and store.snapshots to the node, which closes them
/// ```
///
/// The directory belongs to one node and one process at a time. What the log reports as durable
/// survives a power cut at any moment; what an unfinished write left is cut off at the next
/// start; damage to anything else is refused with kind `StorageError.Kind.corrupted`, and never
/// taken for absence.
public final class FileStore: Sendable {
  /// The directory.
  public let directory: String
  /// The life of the data in it.
  public let incarnation: Incarnation
  /// The node's log and vote.
  public let log: FileLogStore
  /// The node's snapshots.
  public let snapshots: FileSnapshotStore

  private init(_ folder: Folder, configuration: FileStoreConfiguration) throws(StorageError) {
    self.directory = folder.layout.root
    self.incarnation = folder.identity.incarnation
    let shelf = Monitor(SnapshotShelf())
    self.log = try FileLogStore(folder, beside: shelf, configuration: configuration)
    self.snapshots = FileSnapshotStore(
      folder, shelf: shelf, snapshotCount: configuration.snapshotCount)
  }

  /// Opens a directory, or makes it with those above it.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory; the store owns everything in it.
  ///   - node: The node whose data it holds.
  ///   - cluster: The cluster that the node must belong to, if it belongs to one; `nil` for any.
  ///   - fileSystem: Where the directory lies; the machine's own unless set.
  ///   - configuration: How the store works.
  /// - Throws: `StorageError` with kind `StorageError.Kind.locked` if another process, or
  ///   another store of this one, has the directory open; `StorageError.Kind.foreign` if it
  ///   belongs to another node or cluster, or to a newer version of the format;
  ///   `StorageError.Kind.corrupted` if its identity is damaged or lost.
  public static func open(
    directory: String, node: NodeID, cluster: ClusterID? = nil,
    fileSystem: any FileSystem = SystemFileSystem(),
    configuration: FileStoreConfiguration = FileStoreConfiguration()
  ) async throws(StorageError) -> FileStore {
    let folder = try await Folder.open(
      directory, node: node, cluster: cluster, fileSystem: fileSystem,
      configuration: configuration)
    let store = try FileStore(folder, configuration: configuration)
    do throws(StorageError) {
      try await store.snapshots.prepare()
    } catch {
      // Whoever tries again must find the directory free.
      await store.close()
      throw error
    }
    return store
  }

  /// Closes log and snapshots; the same as closing the log.
  public func close() async {
    await self.log.close()
  }
}
