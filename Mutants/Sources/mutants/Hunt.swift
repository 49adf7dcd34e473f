import Glibc
import Weaving

/// Runs the mutants, several processes at once.
struct Hunt {
  /// Seeds of one mutant, from the first on until one finds it.
  struct Series {
    let number: Int
    let firstSeed: Int
    let seedCount: Int
    /// Whether the engine's own preconditions hold a run up.
    let preconditions: String
  }

  let options: Options
  let workshop: Workshop

  /// Seconds of work that one run may take; an unchanged one takes less than one.
  private static let secondsMax = 20

  /// Runs the series; calls back as each of them ends, whatever their order.
  func run(
    _ all: [Series], _ ended: (Int, Outcome) throws(MutantError) -> Void
  ) throws(MutantError) {
    var rest = Array(all.enumerated())[...]
    var running: [pid_t: Int] = [:]
    while !rest.isEmpty || !running.isEmpty {
      while running.count < self.options.jobs, let (place, series) = rest.popFirst() {
        running[try self.start(series, place)] = place
      }
      let (id, end) = try Child.awaitNext()
      guard let place = running.removeValue(forKey: id) else { continue }
      let path = self.output(place)
      let text = try Files.text(of: path)
      Files.remove(path)
      switch end {
      case .exited(64): throw MutantError("the runner does not understand its words")
      case .exited: try ended(place, Outcome(output: text, endedBy: nil))
      case .killed(let signal): try ended(place, Outcome(output: text, endedBy: signal))
      }
    }
  }

  private func output(_ place: Int) -> String { "\(self.workshop.folder)/run-\(place).txt" }

  private func start(_ series: Series, _ place: Int) throws(MutantError) -> pid_t {
    try Child.start(
      [
        self.workshop.runner, "\(series.number)", "\(series.firstSeed)", "\(series.seedCount)",
        "\(self.options.steps)", series.preconditions, "\(Self.secondsMax)",
      ], outputTo: self.output(place))
  }

  // MARK: Kinds of mutants

  /// Without any mutant nothing may be found.
  func checkUnchanged() throws(MutantError) {
    let series = (0..<self.options.jobs).map { job in
      Series(number: 0, firstSeed: 1 + 10 * job, seedCount: 10, preconditions: "on")
    }
    try self.run(series) { place, outcome throws(MutantError) in
      guard outcome.finder == .nobody else {
        throw MutantError(
          "the unchanged engine is found guilty in seed "
            + "\(series[place].firstSeed + outcome.seedCount - 1): \(outcome.finder.name)")
      }
    }
  }

  /// Every known mutant in several series of seeds that have no seed in common.
  func huntKnown() throws(MutantError) -> [(mutant: KnownMutant, findings: Findings)] {
    let wanted = self.workshop.known.indices.filter { place in
      self.options.only.isEmpty && !self.options.skipsKnown
        || self.options.only.contains(self.workshop.known[place].name)
    }
    let series = wanted.flatMap { place in
      (0..<self.options.series).map { number in
        Series(
          number: place + 1, firstSeed: 1 + number * self.options.seedsMax,
          seedCount: self.options.seedsMax, preconditions: "off")
      }
    }
    var found = wanted.map { (mutant: self.workshop.known[$0], findings: Findings([])) }
    try self.run(series) { place, outcome in
      let mutant = place / self.options.series
      found[mutant].findings.outcomes.append(outcome)
      guard found[mutant].findings.outcomes.count == self.options.series else { return }
      Self.say("\(found[mutant].mutant.name): \(Report.wording(of: found[mutant].findings))")
    }
    return found
  }

  /// Every mechanical mutant once, up to the first seed that finds it.
  func huntMechanical() throws(MutantError) -> [(mutant: MechanicalMutant, findings: Findings)] {
    var found = self.workshop.mechanical.map { (mutant: $0, findings: Findings([])) }
    let series = found.indices.map { place in
      Series(
        number: self.workshop.number(of: place), firstSeed: 1, seedCount: self.options.seedsMax,
        preconditions: "on")
    }
    try self.run(series) { place, outcome in
      found[place].findings.outcomes.append(outcome)
      Self.say("\(found[place].mutant.title): \(Report.wording(of: found[place].findings))")
    }
    return found
  }

  /// A line about the progress.
  static func say(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
