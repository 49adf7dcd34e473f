import RaftSimulator

/// What the runs so far have met, and how it is told.
struct Tally {
  private let options: RunOptions
  private var coverage = Coverage()
  private var runCount = 0
  private var steps = 0
  private(set) var violations: [Violation] = []
  private let start = ContinuousClock.now
  private var lastProgress = ContinuousClock.now

  init(_ options: RunOptions) {
    self.options = options
  }

  mutating func add(_ report: SimulationReport) {
    self.runCount += 1
    self.steps += report.steps
    self.coverage.add(report.coverage)
    if let violation = report.violation {
      self.violations.append(violation)
      Output.complain("\(violation)\n")
    }
    switch self.options.format {
    case .json:
      Output.write(Self.json(report) + "\n")
    case .text:
      guard self.lastProgress.duration(to: .now) > .seconds(2) else { return }
      self.lastProgress = .now
      Output.complain(
        "\(self.runCount) of \(self.options.seeds.count) runs, \(self.speed) steps/s\n")
    }
  }

  /// Steps a second, of all jobs together.
  private var speed: Int {
    let elapsed = self.start.duration(to: .now)
    let microseconds =
      elapsed.components.seconds * 1_000_000
      + elapsed.components.attoseconds / 1_000_000_000_000
    return microseconds > 0 ? Int(Int64(self.steps) * 1_000_000 / microseconds) : 0
  }

  /// Says what all runs met together; returns the exit status.
  func finish() -> Int32 {
    let isEnough =
      self.options.scenario.profile == .chaos && self.runCount >= 100
      && self.options.scenario.steps >= 100_000
    let shortfalls = isEnough ? self.coverage.shortfalls : []
    switch self.options.format {
    case .json: Output.write(self.json + "\n")
    case .text: self.printTable()
    }
    for shortfall in shortfalls { Output.complain("not met often enough: \(shortfall)\n") }
    if !self.violations.isEmpty {
      Output.complain("\(self.violations.count) of \(self.runCount) runs broke a property\n")
    }
    return self.violations.isEmpty && shortfalls.isEmpty ? 0 : 1
  }

  private func printTable() {
    var rows = [
      ("profile", self.options.scenario.profile.name), ("runs", "\(self.runCount)"),
      ("steps", "\(self.steps)"), ("steps/s", "\(self.speed)"), ("simulated hours", self.hours),
    ]
    rows += self.coverage.counts.map { ($0.name, "\($0.count)") }
    let width = rows.map(\.0.count).max() ?? 0
    let numbers = rows.map(\.1.count).max() ?? 0
    for (name, value) in rows {
      let gap = String(repeating: " ", count: width - name.count + 2 + numbers - value.count)
      Output.write("\(name)\(gap)\(value)\n")
    }
  }

  private var hours: String {
    let hundredths = self.coverage.simulatedTime / 36_000_000_000
    return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
  }

  // MARK: JSON

  private var json: String {
    let counts = self.coverage.counts.map { "\"\($0.name)\":\($0.count)" }.joined(separator: ",")
    return """
      {"runs":\(self.runCount),"steps":\(self.steps),"stepsPerSecond":\(self.speed),\
      "simulatedSeconds":\(self.coverage.simulatedTime / 1_000_000_000),\
      "violations":\(self.violations.count),"coverage":{\(counts)}}
      """
  }

  private static func json(_ report: SimulationReport) -> String {
    let fingerprint = "\"\(String(report.fingerprint, radix: 16))\""
    var text =
      "{\"seed\":\(report.scenario.seed),\"steps\":\(report.steps),\"fingerprint\":\(fingerprint)"
    if let violation = report.violation {
      text += ",\"property\":\(Self.quoted(violation.property.rawValue))"
      text += ",\"step\":\(violation.step),\"evidence\":\(Self.quoted(violation.evidence))"
      text += ",\"replay\":\(Self.quoted(violation.replayCommand))"
    }
    return text + "}"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
      }
    }
    return quoted + "\""
  }
}
