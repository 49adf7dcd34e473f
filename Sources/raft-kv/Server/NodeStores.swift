import Raft
import RaftFileStore
import RaftMemoryStore

/// Where a server keeps its log and its snapshots.
struct NodeStores: Sendable {
  let log: any LogStore
  let snapshots: any SnapshotStore

  /// Opens the folder, or makes stores in memory.
  init(_ options: ServeOptions) async throws(StorageError) {
    guard let data = options.data else {
      self.log = MemoryLogStore()
      self.snapshots = MemorySnapshotStore()
      return
    }
    let store = try await FileStore.open(
      directory: data, node: options.id, configuration: options.files)
    self.log = store.log
    self.snapshots = store.snapshots
  }

  /// Calls this closure for all damage that is found while the server runs.
  func reportDamage(to body: @escaping @Sendable (StorageError) -> Void) {
    (self.log as? FileLogStore)?.reportDamage(to: body)
  }
}
