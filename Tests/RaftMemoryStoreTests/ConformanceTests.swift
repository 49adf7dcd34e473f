import RaftStoreTesting
import Testing

@Suite("The stores in memory keep every rule")
struct ConformanceTests {
  @Test("The stores in memory keep the rule", arguments: StoreTestSuite.cases(for: MemoryStores()))
  func conforms(_ rule: StoreCase) async throws {
    try await rule.run(against: MemoryStores())
  }
}
