/// Looks for the smallest scenario that breaks the same property.
///
/// Fewer nodes are tried first, then other seeds near by, then fewer steps: a scenario is smaller if
/// it has fewer nodes, or breaks the property in an earlier step with the same number.
public struct Shrinking {
  private let violation: Violation
  /// How many other seeds are tried with each number of nodes.
  private let attempts: UInt64

  /// A search that begins with this violation.
  public init(_ violation: Violation, attempts: UInt64 = 100) {
    self.violation = violation
    self.attempts = attempts
  }

  /// The smallest violation found.
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
    return best
  }

  /// A run of some seed near by, with so many nodes, that breaks the property within so many steps.
  private func search(_ best: Violation, nodes: Int?, stepsMax: Int) -> Violation? {
    guard stepsMax > 0 else { return nil }
    for offset in 0..<self.attempts {
      var scenario = best.scenario
      scenario.seed = self.violation.scenario.seed &+ offset
      scenario.nodeCount = nodes
      scenario.steps = stepsMax
      guard let violation = Simulation(scenario).run().violation,
        violation.property == best.property, violation.step <= stepsMax
      else { continue }
      return violation
    }
    return nil
  }
}
