import RaftStoreTesting
import Testing

@Suite("The suites find what is wrong with a store")
struct FaultTests {
  @Test("A naive store without a fault keeps the rule", arguments: StoreTestSuite.cases)
  func conforms(_ rule: StoreCase) async throws {
    try await rule.run(against: NaiveStores())
  }

  @Test("The fault of a log store is found", arguments: LogFault.allCases)
  func findsLogFault(_ fault: LogFault) async {
    let names = await Findings.shared.value.log[fault, default: []]
    #expect(names.contains(fault.finder), "found only by \(names.sorted())")
  }

  @Test("The fault of a snapshot store is found", arguments: SnapshotFault.allCases)
  func findsSnapshotFault(_ fault: SnapshotFault) async {
    let names = await Findings.shared.value.snapshots[fault, default: []]
    #expect(names.contains(fault.finder), "found only by \(names.sorted())")
  }

  @Test("Every case finds some fault")
  func everyCaseFinds() async {
    let findings = await Findings.shared.value
    var names = Set(StoreTestSuite.cases.map(\.name))
    for found in findings.log.values { names.subtract(found) }
    for found in findings.snapshots.values { names.subtract(found) }
    #expect(names.sorted() == [])
  }

  @Test("Every case has a name of its own")
  func namesAreUnique() {
    let cases = StoreTestSuite.cases
    #expect(Set(cases.map(\.id)).count == cases.count)
  }
}

/// Which cases find which fault; worked out once for all tests.
struct Findings: Sendable {
  var log: [LogFault: Set<String>] = [:]
  var snapshots: [SnapshotFault: Set<String>] = [:]

  static let shared = Task { await Findings.gather() }

  private static func gather() async -> Findings {
    let ofLogs = LogStoreSuite.cases + ReopenedStoreSuite.cases
    let ofSnapshots = SnapshotStoreSuite.cases + ReopenedStoreSuite.cases
    return await withTaskGroup(of: Findings.self) { group in
      for fault in LogFault.allCases {
        group.addTask {
          Findings(log: [fault: await NaiveStores(logFault: fault).findings(in: ofLogs)])
        }
      }
      for fault in SnapshotFault.allCases {
        group.addTask {
          let stores = NaiveStores(snapshotFault: fault)
          return Findings(snapshots: [fault: await stores.findings(in: ofSnapshots)])
        }
      }
      return await group.reduce(into: Findings()) { all, some in
        all.log.merge(some.log) { $1 }
        all.snapshots.merge(some.snapshots) { $1 }
      }
    }
  }
}
