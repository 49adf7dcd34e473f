import Glibc
import Raft
import RaftFileStore
import RaftMemoryStore

#if RocksDB
import RaftRocksDBStore
#endif

/// Where a server keeps its log and its snapshots, and the map that goes with them.
struct NodeStores: Sendable {
  let log: any LogStore
  let snapshots: any SnapshotStore
  let machine: KVReplica

  private init(
    log: any LogStore, snapshots: any SnapshotStore, machine: KVReplica = KVReplica()
  ) {
    self.log = log
    self.snapshots = snapshots
    self.machine = machine
  }

  /// Opens the folder, or makes stores in memory.
  init(_ options: ServeOptions) async throws(StorageError) {
    guard let data = options.data else {
      self.init(log: MemoryLogStore(), snapshots: MemorySnapshotStore())
      return
    }
    if let found = Self.kind(of: data), found != options.store {
      throw StorageError(
        .foreign,
        "it holds a \(found.rawValue) store: serve it with --store \(found.rawValue), or name "
          + "another folder")
    }
    self = try await Self.open(
      data, of: options.id, as: options.store, configuration: options.files)
  }

  /// Calls this closure for all damage that is found while the server runs.
  func reportDamage(to body: @escaping @Sendable (StorageError) -> Void) {
    (self.log as? FileLogStore)?.reportDamage(to: body)
  }

  /// What lies in a folder; `nil` if that is none of what a server keeps there.
  static func kind(of folder: String) -> ServeOptions.Store? {
    // Both kinds have a file IDENTITY, which says what it is of; these are of one kind each.
    if access("\(folder)/CURRENT", F_OK) == 0 { return .rocksdb }
    return access("\(folder)/log", F_OK) == 0 ? .file : nil
  }

  /// Opens a folder of this kind.
  static func open(
    _ folder: String, of id: NodeID, as kind: ServeOptions.Store,
    configuration: FileStoreConfiguration = FileStoreConfiguration()
  ) async throws(StorageError) -> NodeStores {
    guard kind == .rocksdb else {
      let store = try await FileStore.open(
        directory: folder, node: id, configuration: configuration)
      return NodeStores(log: store.log, snapshots: store.snapshots)
    }
    #if RocksDB
    let store = try await RocksDBStore.open(directory: folder, node: id)
    return NodeStores(
      log: store.log, snapshots: store.snapshots, machine: KVReplica(keptIn: store.machine))
    #else
    throw StorageError(
      .foreign,
      "this raft-kv was built without RocksDB: install librocksdb-dev, and build it with 'swift "
        + "build --traits RocksDB --product raft-kv'")
    #endif
  }
}
