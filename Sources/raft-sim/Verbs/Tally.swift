import RaftCommandLine
import RaftSimulator

/// What the runs so far have met.
struct Tally {
  private let scenario: Scenario
  private var coverage = Coverage()
  private(set) var runCount = 0
  private var steps = 0
  private(set) var violationCount = 0
  private let start = ContinuousClock.now

  /// Nothing yet, of runs that have this in common.
  init(_ scenario: Scenario) {
    self.scenario = scenario
  }

  mutating func add(_ report: SimulationReport) {
    self.runCount += 1
    self.steps += report.steps
    self.coverage.add(report.coverage)
    if report.violation != nil { self.violationCount += 1 }
  }

  /// Steps a second, of all jobs together.
  var speed: Int {
    let elapsed = self.start.duration(to: .now)
    let microseconds =
      elapsed.components.seconds * 1_000_000
      + elapsed.components.attoseconds / 1_000_000_000_000
    return microseconds > 0 ? Int(Int64(self.steps) * 1_000_000 / microseconds) : 0
  }

  /// What was not met often enough, if these were runs that are measured by that.
  var shortfalls: [String] {
    let isMeasured =
      self.scenario.profile == .chaos && self.runCount >= 100 && self.scenario.steps >= 100_000
      && self.scenario.nodeCount == nil
      && Scenario.Piece.allCases.allSatisfy { self.scenario[$0] == .all }
    return isMeasured ? self.coverage.shortfalls(of: self.scenario.subject) : []
  }

  /// A table for people.
  var table: String {
    var rows = [
      ("simulated", self.scenario.subject.rawValue), ("profile", self.scenario.profile.name),
      ("runs", "\(self.runCount)"), ("steps", "\(self.steps)"), ("steps/s", "\(self.speed)"),
      ("simulated hours", self.hours),
    ]
    rows += self.coverage.counts(of: self.scenario.subject).map { ($0.name, "\($0.count)") }
    rows += self.coverage.faultCounts.map { ("fault: \($0.name)", "\($0.count)") }
    return TextTable.aligned(rows.map { [$0.0, $0.1] }, left: 1)
  }

  private var hours: String {
    let hundredths = self.coverage.simulatedTime / 36_000_000_000
    return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
  }

  /// One line for programs.
  var json: String {
    """
    {"simulated":"\(self.scenario.subject.rawValue)","profile":\
    \(JSONText.quoted(self.scenario.profile.name)),"runs":\(self.runCount),"steps":\(self.steps),\
    "stepsPerSecond":\(self.speed),\
    "simulatedSeconds":\(self.coverage.simulatedTime / 1_000_000_000),\
    "violations":\(self.violationCount),"coverage":\(JSONText.object(self.coverage.counts(of: self.scenario.subject))),\
    "faults":\(JSONText.object(self.coverage.faultCounts))}
    """
  }
}
