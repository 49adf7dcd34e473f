import Raft
import RaftMemoryStore
import RaftStoreTesting

/// The stores under test; their place is the objects themselves.
struct MemoryStores: StoreFactory {
  let retention = StoreRetention.acrossReopening

  func makePlace() -> StorePair {
    StorePair(log: MemoryLogStore(), snapshots: MemorySnapshotStore())
  }

  func openStores(at place: StorePair) -> StorePair { place }

  func removePlace(_ place: StorePair) {}
}
