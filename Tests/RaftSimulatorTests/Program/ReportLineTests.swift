import RaftSimulator
import Testing

@testable import raft_sim

@Suite("A report on its way between two processes")
struct ReportLineTests {
  @Test("Arrives as it was sent")
  func roundTrip() {
    let scenario = Scenario(seed: 3, steps: 900)
    let report = Simulation(scenario).run()
    let line = ReportLine.of(report)
    let read = ReportLine.report(line, of: scenario.with(seed: 1))
    #expect(read?.coverage == report.coverage && read?.fingerprint == report.fingerprint)
    #expect(read?.scenario == scenario && read?.steps == report.steps)
    #expect(read?.violation == nil)
  }

  @Test("Its evidence may be any text")
  func evidence() {
    let scenario = Scenario(seed: 8)
    let violation = Violation(
      property: .linearizability, evidence: "two\nlines, a\ttab and a \\n", scenario: scenario,
      step: 4, time: 5)
    let report = SimulationReport(
      scenario: scenario, steps: 6, coverage: Coverage(), fingerprint: 7, violation: violation)
    let line = ReportLine.of(report)
    #expect(!line.contains("\n"))
    #expect(ReportLine.report(line, of: scenario)?.violation == violation)
  }

  @Test("Anything else is none", arguments: ["", "hello", "1\t2\t3\t4\t5", "1\t2\t3\tx\t\t"])
  func refusals(line: String) {
    #expect(ReportLine.report(line, of: Scenario(seed: 1)) == nil)
  }
}
