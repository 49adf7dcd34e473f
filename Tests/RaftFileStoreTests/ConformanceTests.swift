import Raft
import RaftFileStore
import RaftStoreTesting
import TestPace
import Testing

@Suite("The stores in files keep every rule", .longRun)
struct ConformanceTests {
  private static let onDisk = SimulatedFileStores(
    configuration: FileStoreConfiguration(
      segmentSize: 4096, tailSize: 1, sealDelay: nil, scrubRate: nil))
  private static let byDefault = SystemFileStores(configuration: FileStoreConfiguration())

  @Test(
    "With small segments and nothing in memory, over power cuts and failures, the rule is kept",
    arguments: StoreTestSuite.cases(for: Self.onDisk))
  func conformsOnTheDisk(_ rule: StoreCase) async throws {
    try await rule.run(against: Self.onDisk, waitingAtMost: .seconds(10).patient)
  }

  @Test(
    "As it is by default, on the machine's disk, the rule is kept",
    arguments: ReopenedStoreSuite.cases)
  func conformsByDefault(_ rule: StoreCase) async throws {
    try await rule.run(against: Self.byDefault, waitingAtMost: .seconds(10).patient)
  }
}
