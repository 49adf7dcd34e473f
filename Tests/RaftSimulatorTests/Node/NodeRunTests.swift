import RaftSimulator
import TestPace
import Testing

@Suite("Simulated runs of real nodes", .longRun, .serialized)
struct NodeRunTests {
  @Test("Some seeds break no rule, and see what they shall")
  func seeds() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      var met = Coverage()
      for seed in 1...16 as ClosedRange<UInt64> {
        let report = NodeSimulation(Scenario(seed: seed, of: .nodes, steps: 30_000)).run()
        if let violation = report.violation { fatalError("\(violation)") }
        met.add(report.coverage)
      }
      #expect(met.commits > 1000)
      #expect(met.crashes > 20)
      #expect(met.crashesWithLostTail > 0)
      #expect(met.leaderChanges > 10)
      #expect(met.snapshotInstalls > 0)
      #expect(met.membershipChanges > 0)
    }
  }

  @Test(
    "Whatever the profile, nothing is broken and calls are answered",
    arguments: Profile.all.indices)
  func profiles(place: Int) async {
    await #expect(processExitsWith: .success) { [place] in
      SimulatedExecutor.install()
      let scenario = Scenario(seed: 3, of: .nodes, profile: Profile.all[place], steps: 8000)
      let report = NodeSimulation(scenario).run()
      #expect(report.violation == nil)
      #expect(report.coverage.writesAcknowledged > 20)
      #expect((report.pieces[.fault] == 0) == (scenario.profile == .calm))
    }
  }

  @Test("A seed gives the same run again, and another seed another one")
  func again() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      func run(_ seed: UInt64) -> ([TraceRecord], SimulationReport) {
        var records: [TraceRecord] = []
        let report = NodeSimulation(Scenario(seed: seed, of: .nodes, steps: 4000))
          .run { records.append($0) }
        return (records, report)
      }
      let (first, report) = run(5)
      #expect(run(5) == (first, report))
      #expect(run(6).1.fingerprint != report.fingerprint)
    }
  }

  @Test("A trace changes nothing, and shows nodes, messages, troubles, clients and timers")
  func trace() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let scenario = Scenario(seed: 2, of: .nodes, steps: 6000)
      var kinds: Set<TraceRecord.Kind> = []
      var told: Set<Substring> = []
      let report = NodeSimulation(scenario).run { record in
        kinds.insert(record.kind)
        if record.kind == .input { told.insert(record.text.split(separator: " (")[0]) }
        #expect((record.kind == .state) == (record.state != nil))
      }
      #expect(kinds == Set(TraceRecord.Kind.allCases))
      let own: Set<Substring> = ["elapsed", "proposed", "read requested", "peer failed", "flushed"]
      #expect(told.isSuperset(of: own), "\(told)")
      #expect(NodeSimulation(scenario).run() == report)
    }
  }

  @Test("The calm profile knows no trouble, and faults that are left out do not come")
  func leftOut() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      var scenario = Scenario(seed: 4, of: .nodes, steps: 10_000)
      #expect(NodeSimulation(scenario).run().coverage.faultCounts.count > 3)
      scenario.faults = .only(NumberSet([2]))
      let report = NodeSimulation(scenario).run()
      #expect(report.violation == nil)
      #expect(report.coverage.faultCounts.map(\.count) == [1])
    }
  }
}
