/// Looks for the smallest scenario that breaks the same property.
///
/// Fewer nodes are tried first, with other seeds near by, then fewer steps; then the faults, the
/// ambushes and the requests of clients are left out that are not needed. What each of those draws
/// depends on the seed and its own number alone, so that leaving one out changes no other.
public struct Shrinking {
  private let violation: Violation
  /// How many other seeds are tried with each number of nodes.
  private let attempts: UInt64
  private let run: (Scenario) -> SimulationReport

  /// A search that begins with this violation.
  ///
  /// - Precondition: for a violation of simulated nodes, ``SimulatedExecutor/install()`` was called
  ///   in this process.
  public init(_ violation: Violation, attempts: UInt64 = 100) {
    self.init(violation, attempts: attempts) { scenario in
      switch scenario.subject {
      case .engines: Simulation(scenario).run()
      case .nodes: NodeSimulation(scenario).run()
      }
    }
  }

  /// A search among runs of another kind.
  init(
    _ violation: Violation, attempts: UInt64, run: @escaping (Scenario) -> SimulationReport
  ) {
    self.violation = violation
    self.attempts = attempts
    self.run = run
  }

  /// The smallest violation found; its scenario runs into it again.
  ///
  /// - Parameter found: Is told of every smaller one on the way.
  public func smallest(found: (Violation) -> Void = { _ in }) -> Violation {
    var best = self.violation
    let most = best.scenario.nodeCount ?? 9
    for count in 1..<max(2, most) {
      if let smaller = self.search(best, nodes: count, stepsMax: self.violation.step + 1) {
        best = smaller
        found(best)
        break
      }
    }
    while let smaller = self.search(best, nodes: best.scenario.nodeCount, stepsMax: best.step - 1) {
      best = smaller
      found(best)
    }
    return self.smallestSelection(best, found)
  }

  /// A run of some seed near by, with so many nodes, that breaks the property within so many steps.
  private func search(_ best: Violation, nodes: Int?, stepsMax: Int) -> Violation? {
    guard stepsMax > 0 else { return nil }
    for offset in 0..<self.attempts {
      var scenario = best.scenario
      scenario.seed = self.violation.scenario.seed &+ offset
      scenario.nodeCount = nodes
      scenario.steps = stepsMax
      guard let violation = self.run(scenario).violation,
        violation.property == best.property, violation.step <= stepsMax
      else { continue }
      return violation
    }
    return nil
  }

  // MARK: Faults and requests

  /// Leaves out what is not needed, again and again until nothing more can be left out.
  private func smallestSelection(_ start: Violation, _ found: (Violation) -> Void) -> Violation {
    var search = SelectionSearch(start, run: self.run)
    guard search.isRepeatable else { return start }
    var before: Scenario?
    while before != search.best.scenario {
      before = search.best.scenario
      for kind in Scenario.Piece.allCases where search.leaveOut(kind) { found(search.best) }
    }
    return search.shortened()
  }
}

/// The part of a search that leaves out faults, ambushes and requests.
private struct SelectionSearch {
  private(set) var best: Violation
  private(set) var isRepeatable = false
  private let run: (Scenario) -> SimulationReport
  /// How many steps every attempt may take: with fewer faults it may need more.
  private let steps: Int
  private var kept: [Scenario.Piece: [Int]] = [:]
  private var counts: [Scenario.Piece: Int] = [:]

  init(_ start: Violation, run: @escaping (Scenario) -> SimulationReport) {
    self.best = start
    self.run = run
    self.steps = max(start.scenario.steps, start.step)
    let report = run(start.scenario)
    guard report.violation?.property == start.property else { return }
    self.isRepeatable = true
    for kind in Scenario.Piece.allCases {
      let count = report.pieces[kind]
      self.counts[kind] = count
      self.kept[kind] = (1..<(count + 1)).filter { start.scenario[kind].admits($0) }
    }
  }

  /// Tries to do with fewer pieces of one kind; whether that is so.
  mutating func leaveOut(_ kind: Scenario.Piece) -> Bool {
    let all = self.kept[kind] ?? []
    var smallest: Violation?
    let needed = DeltaDebugging.minimal(all) { pieces in
      var scenario = self.best.scenario
      scenario.steps = self.steps
      scenario[kind] = .only(NumberSet(pieces))
      guard let violation = self.run(scenario).violation, violation.property == self.best.property
      else { return false }
      smallest = violation
      return true
    }
    guard needed.count < all.count, let smallest else { return false }
    self.best = smallest
    self.kept[kind] = needed
    return true
  }

  /// The violation, its scenario ending with it and said in few words.
  func shortened() -> Violation {
    var scenario = self.best.scenario
    scenario.steps = min(scenario.steps, max(1, self.best.step))
    for kind in Scenario.Piece.allCases {
      scenario[kind] = Selection(self.kept[kind] ?? [], of: self.counts[kind] ?? 0)
    }
    let shorter = self.run(scenario).violation
    return shorter?.property == self.best.property ? shorter ?? self.best : self.best
  }
}
