import Raft
import RaftFileStore
import RaftStoreTesting
import Testing

@Suite("The stores in files keep every rule")
struct ConformanceTests {
  @Test(
    "With small segments and nothing in memory, the rule is kept", arguments: StoreTestSuite.cases)
  func conformsOnTheDisk(_ rule: StoreCase) async throws {
    let configuration = FileStoreConfiguration(segmentSize: 4096, tailSize: 1, sealDelay: nil)
    try await rule.run(against: FileStores(disk: .simulated, configuration: configuration))
  }

  @Test(
    "As it is by default, on the machine's disk, the rule is kept",
    arguments: ReopenedStoreSuite.cases)
  func conformsByDefault(_ rule: StoreCase) async throws {
    try await rule.run(against: FileStores(disk: .system, configuration: FileStoreConfiguration()))
  }
}
