import Raft
import RaftCommandLine
import RaftFileStore
import RaftMemoryStore

/// Where a server keeps its log and its snapshots.
struct NodeStores: Sendable {
  let log: any LogStore
  let snapshots: any SnapshotStore

  /// Opens the folder, or makes stores in memory.
  ///
  /// - Throws: ``Failure`` if the folder cannot be used; the message says why.
  init(_ options: ServeOptions) async throws(Failure) {
    guard let data = options.data else {
      self.log = MemoryLogStore()
      self.snapshots = MemorySnapshotStore()
      return
    }
    do {
      let store = try await FileStore.open(directory: data, node: options.id)
      self.log = store.log
      self.snapshots = store.snapshots
    } catch {
      throw Failure(.unusable, "the data folder \(data) cannot be used: \(error)")
    }
  }
}
