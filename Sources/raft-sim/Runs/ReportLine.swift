import RaftSimulator

/// A report as one line, on its way from a process that runs to the one that adds up.
enum ReportLine {
  /// The line, without its end.
  static func of(_ report: SimulationReport) -> String {
    let counts = report.coverage.counts.map { "\($0.name)=\($0.count)" }
    let faults = report.coverage.faultCounts.map { "\($0.name)=\($0.count)" }
    var fields = [
      "\(report.scenario.seed)", "\(report.steps)", "\(report.coverage.simulatedTime)",
      "\(report.fingerprint)", counts.joined(separator: ";"), faults.joined(separator: ";"),
    ]
    if let violation = report.violation {
      fields += [
        violation.property.rawValue, "\(violation.step)", "\(violation.time)",
        Self.escaped(violation.evidence),
      ]
    }
    return fields.joined(separator: "\t")
  }

  /// The report that a line tells of; the scenario is the one that was asked for.
  ///
  /// `nil` if it is no such line.
  static func report(_ line: String, of common: Scenario) -> SimulationReport? {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 6 || fields.count == 10, let seed = UInt64(fields[0]),
      let steps = Int(fields[1]), let time = Int64(fields[2]), let fingerprint = UInt64(fields[3]),
      let counts = Self.counts(fields[4]), let faults = Self.counts(fields[5])
    else { return nil }
    let scenario = common.with(seed: seed)
    var violation: Violation?
    if fields.count == 10 {
      guard let property = Property(rawValue: fields[6]), let step = Int(fields[7]),
        let time = Int64(fields[8])
      else { return nil }
      violation = Violation(
        property: property, evidence: Self.unescaped(fields[9]), scenario: scenario, step: step,
        time: time)
    }
    return SimulationReport(
      scenario: scenario, steps: steps,
      coverage: Coverage(counts: counts, faultCounts: faults, simulatedTime: time),
      fingerprint: fingerprint, violation: violation)
  }

  private static func counts(_ text: String) -> [String: Int]? {
    var counts: [String: Int] = [:]
    for part in text.split(separator: ";") {
      let sides = part.split(separator: "=")
      guard sides.count == 2, let count = Int(sides[1]) else { return nil }
      counts[String(sides[0])] = count
    }
    return counts
  }

  // MARK: Text in one line

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func unescaped(_ text: String) -> String {
    var plain = ""
    var isEscaped = false
    for character in text.unicodeScalars {
      switch (isEscaped, character) {
      case (true, "n"): plain += "\n"
      case (true, "t"): plain += "\t"
      case (false, "\\"):
        isEscaped = true
        continue
      default: plain.unicodeScalars.append(character)
      }
      isEscaped = false
    }
    return plain
  }
}
