import RaftSimulator
import TestPace
import Testing

@Suite("A simulated run", .longRun)
struct SimulationTests {
  @Test("Breaks nothing and recovers, whatever the profile", arguments: Profile.all)
  func profiles(profile: Profile) {
    var coverage = Coverage()
    for seed in 1...8 as ClosedRange<UInt64> {
      let report = Simulation(Scenario(seed: seed, profile: profile, steps: 1500)).run()
      #expect(report.violation == nil)
      coverage.add(report.coverage)
    }
    let counts = Dictionary(uniqueKeysWithValues: coverage.counts.map { ($0.name, $0.count) })
    #expect(counts["commits"]! > 500 && counts["writes acknowledged"]! > 200)
  }

  @Test("Two runs of one seed leave the same trace, and another seed leaves another")
  func determinism() {
    func trace(_ seed: UInt64) -> ([TraceRecord], SimulationReport) {
      var records: [TraceRecord] = []
      let report = Simulation(Scenario(seed: seed, steps: 800)).run { records.append($0) }
      return (records, report)
    }
    let (first, report) = trace(3)
    #expect(trace(3) == (first, report))
    #expect(trace(4).1.fingerprint != report.fingerprint)
    #expect(first.filter { $0.kind == .input }.count == report.steps)
    #expect(first.filter { $0.kind == .state }.count == report.steps)
  }

  @Test("A trace changes nothing")
  func traceIsPassive() {
    let scenario = Scenario(seed: 5, steps: 1000)
    #expect(Simulation(scenario).run() == Simulation(scenario).run { _ in })
  }

  @Test("The calm profile commits without one loss")
  func calm() {
    let report = Simulation(Scenario(seed: 1, profile: .calm, steps: 3000, nodeCount: 3)).run()
    let counts = Dictionary(
      uniqueKeysWithValues: report.coverage.counts.map { ($0.name, $0.count) })
    #expect(report.violation == nil)
    #expect(counts["messages lost"] == 0 && counts["crashes"] == 0 && counts["partitions"] == 0)
  }
}
