import RaftStoreTesting
import Testing

@Suite("The suites find what is wrong with a store")
struct FaultTests {
  @Test(
    "A naive store without a fault keeps the rule",
    arguments: StoreTestSuite.cases(for: NaiveStores()))
  func conforms(_ rule: StoreCase) async throws {
    try await rule.run(against: NaiveStores())
  }

  @Test("The fault of a log store is found", arguments: LogFault.allCases)
  func findsLogFault(_ fault: LogFault) async {
    let finding = await NaiveStores(logFault: fault).finding(of: fault.finder)
    #expect(finding?.caseName == fault.finder)
  }

  @Test("The fault of a snapshot store is found", arguments: SnapshotFault.allCases)
  func findsSnapshotFault(_ fault: SnapshotFault) async {
    let finding = await NaiveStores(snapshotFault: fault).finding(of: fault.finder)
    #expect(finding?.caseName == fault.finder)
  }

  @Test("The case finds some fault", arguments: StoreTestSuite.cases(for: NaiveStores()))
  func findsSomething(_ rule: StoreCase) async {
    for stores in self.faultyStores(for: rule)
    where await stores.finding(of: rule.name) != nil {
      return
    }
    Issue.record("no fault is found by it")
  }

  /// Stores with all faults that the case may find, the likeliest first.
  private func faultyStores(for rule: StoreCase) -> [NaiveStores] {
    let likely: [LogFault] = [
      .payloadsOfSevenBits, .truncationIsIgnored, .purgesOneTooFew, .nothingIsEverReported,
    ]
    let ofSnapshots = SnapshotFault.allCases.map { NaiveStores(snapshotFault: $0) }
    let ofLogs = LogFault.allCases.map { NaiveStores(logFault: $0) }
    let isOfSnapshots = SnapshotStoreSuite.cases.contains { $0.id == rule.id }
    return isOfSnapshots
      ? ofSnapshots : likely.map { NaiveStores(logFault: $0) } + ofSnapshots + ofLogs
  }

  @Test("Every case has a name of its own")
  func namesAreUnique() {
    let cases = StoreTestSuite.cases + StoreTestSuite.trials
    #expect(Set(cases.map(\.id)).count == cases.count)
  }

  @Test("A finding says which rule is broken, and how")
  func explains() async {
    let finding = await NaiveStores(logFault: .bornWithVote)
      .finding(of: "A fresh log store holds nothing but its incarnation")
    #expect(
      finding?.description == """
        A fresh log store holds nothing but its incarnation: not so
          contract: load says what the store holds
          expected: vote: none
          found:    vote: T0-N0
        """)
  }
}
