import Weaving

/// What the hunt came to, for people or for programs.
struct Report {
  let known: [(mutant: KnownMutant, findings: Findings)]
  let mechanical: [(mutant: MechanicalMutant, findings: Findings)]
  let skippedCount: Int
  let explained: Explained

  private var survivors: [MechanicalMutant] {
    self.mechanical.filter { !$0.findings.isFound }.map(\.mutant)
  }

  private var unexplained: [MechanicalMutant] {
    self.survivors.filter { !self.explained.contains($0) }
  }

  /// How many mutants were killed, and how many there are beside those that break no rule.
  private var killed: (count: Int, of: Int) {
    let equivalent = self.survivors.count { self.explained.isEquivalent($0) }
    return (
      self.mechanical.count - self.survivors.count, self.mechanical.count - equivalent
    )
  }

  /// The seeds in which a checker complains about the unchanged engine.
  private var guiltySeeds: [Int] {
    let all = self.known.map(\.findings) + self.mechanical.map(\.findings)
    return Set(all.flatMap { $0.outcomes.flatMap(\.guiltySeeds) }).sorted()
  }

  /// Whether the checkers bite, and never the unchanged engine: every known mutant found by one of
  /// them, 90 of 100 mechanical ones
  /// killed that break a rule, and every survivor explained.
  var isGood: Bool {
    self.known.allSatisfy { $0.findings.isFound && $0.findings.isFoundByChecker }
      && self.unexplained.isEmpty && self.guiltySeeds.isEmpty
      && self.killed.count * 10 >= self.killed.of * 9
  }

  static func wording(of findings: Findings) -> String {
    guard let median = findings.median else { return "not found" }
    return
      "\(median) \(median == 1 ? "seed" : "seeds"), \(findings.finders.joined(separator: ", "))"
  }

  // MARK: Text

  var text: String {
    var text = ""
    if !self.known.isEmpty {
      text += Self.table(
        [["known mutant", "origin", "seeds (median)", "all series", "found by"]]
          + self.known.map { mutant, findings in
            [
              mutant.name, mutant.origin, findings.median.map { "\($0)" } ?? "not found",
              findings.outcomes.map(Self.wording).joined(separator: " "),
              findings.finders.joined(separator: ", "),
            ]
          })
    }
    if !self.mechanical.isEmpty {
      text += "\n"
      text += Self.table(
        [["line", "mechanical mutant", "seeds", "found by"]]
          + self.mechanical.map { mutant, findings in
            [
              "\(mutant.line)", mutant.title, findings.median.map { "\($0)" } ?? "survives",
              findings.isFound
                ? findings.finders.joined(separator: ", ")
                : self.explained.contains(mutant) ? "explained" : "NOT EXPLAINED",
            ]
          })
      text += """

        \(self.mechanical.count) mechanical mutants; \(self.killed.count) of the \(self.killed.of) \
        that break a rule were killed; \(self.survivors.count) survive, \
        \(self.unexplained.count) of them unexplained; \(self.skippedCount) more did not compile

        """
    }
    if !self.guiltySeeds.isEmpty {
      text += """

        the unchanged engine is found guilty in the seeds \
        \(self.guiltySeeds.map(String.init).joined(separator: ", "))

        """
    }
    return text
  }

  private static func wording(_ outcome: Outcome) -> String {
    outcome.finder == .nobody ? "-" : "\(outcome.seedCount)"
  }

  private static func table(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      let line = cells.joined(separator: "  ")
      return line[...(line.lastIndex { $0 != " " } ?? line.startIndex)] + "\n"
    }.joined()
  }

  // MARK: JSON

  var json: String {
    let known = self.known.map { mutant, findings in
      "{\"name\":\(Self.quoted(mutant.name)),\"origin\":\(Self.quoted(mutant.origin)),"
        + "\"wrong\":\(Self.quoted(mutant.wrong)),\(Self.fields(findings))}"
    }
    let mechanical = self.mechanical.map { mutant, findings in
      "{\"file\":\(Self.quoted(mutant.file)),\"line\":\(mutant.line),"
        + "\"change\":\(Self.quoted(mutant.wording)),\"text\":\(Self.quoted(mutant.lineText)),"
        + "\"explained\":\(self.explained.contains(mutant)),\(Self.fields(findings))}"
    }
    return """
      {"known":[\(known.joined(separator: ",\n"))],
      "mechanical":[\(mechanical.joined(separator: ",\n"))],
      "guiltySeeds":[\(self.guiltySeeds.map(String.init).joined(separator: ","))],
      "good":\(self.isGood)}

      """
  }

  private static func fields(_ findings: Findings) -> String {
    let seeds = findings.outcomes.map { $0.finder == .nobody ? "null" : "\($0.seedCount)" }
    return "\"median\":\(findings.median.map { "\($0)" } ?? "null"),"
      + "\"seeds\":[\(seeds.joined(separator: ","))],"
      + "\"finders\":[\(findings.finders.map(Self.quoted).joined(separator: ","))]"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default: quoted.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
      }
    }
    return quoted + "\""
  }
}
