#if RocksDB
import Raft
import RaftRocksDBStore
import RaftStoreTesting
import TestPace
import Testing

@Suite("The stores in RocksDB keep every rule")
struct ConformanceTests {
  private static let withoutMemory = RocksDBStores(
    configuration: RocksDBStoreConfiguration(tailSize: 1))
  private static let byDefault = RocksDBStores(configuration: RocksDBStoreConfiguration())

  @Test(
    "With nothing in memory the rule is kept",
    arguments: StoreTestSuite.cases(for: Self.withoutMemory))
  func conformsOnTheDisk(_ rule: StoreCase) async throws {
    try await rule.run(against: Self.withoutMemory, waitingAtMost: .seconds(10).patient)
  }

  @Test("As it is by default the rule is kept", arguments: ReopenedStoreSuite.cases)
  func conformsByDefault(_ rule: StoreCase) async throws {
    try await rule.run(against: Self.byDefault, waitingAtMost: .seconds(10).patient)
  }
}
#endif
