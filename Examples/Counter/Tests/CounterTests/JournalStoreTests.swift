import Counter
import Raft
import RaftMemoryStore
import RaftStoreTesting
import Testing

/// Stores whose place is the objects that outlive them.
struct JournalStores: CrashingStoreFactory {
  struct Place: Sendable {
    let journal: Journal
    let snapshots: MemorySnapshotStore
  }

  let retention = StoreRetention.acrossReopening

  func makePlace() -> Place { Place(journal: Journal(), snapshots: MemorySnapshotStore()) }

  func openStores(at place: Place) -> StorePair {
    StorePair(log: JournalStore(over: place.journal), snapshots: place.snapshots)
  }

  func removePlace(_ place: Place) {}

  func remains(of place: Place, seed: UInt64) -> Place {
    Place(journal: place.journal.copy(), snapshots: place.snapshots)
  }
}

@Suite("The journal store keeps the storage contract")
struct JournalStoreTests {
  @Test("It keeps the rule", arguments: StoreTestSuite.cases(for: JournalStores()))
  func conforms(_ rule: StoreCase) async throws {
    try await rule.run(against: JournalStores())
  }
}
