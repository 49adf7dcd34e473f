/// A cluster that lives in virtual time and is attacked in every way, from one seed.
///
/// A run has two phases. First come the troubles of its ``Profile``: after every step the checkers
/// look whether a property that must always hold is broken. Then the troubles end, and the cluster
/// has to recover within a deadline: one leader, every member with the same state, new writes and
/// reads answered.
///
/// The same ``Scenario`` gives the same run, step by step, in any process.
///
/// ```swift
/// let report = Simulation(Scenario(seed: 7)).run()
/// if let violation = report.violation { print(violation) }
/// ```
public struct Simulation {
  private let scenario: Scenario

  /// A run that has not begun.
  ///
  /// - Precondition: the scenario has at least one step and 1 to 9 nodes.
  public init(_ scenario: Scenario) {
    precondition(scenario.steps > 0, "a run of \(scenario.steps) steps")
    precondition(
      (1...9).contains(scenario.nodeCount ?? 1), "a cluster of \(scenario.nodeCount ?? 0) nodes")
    self.scenario = scenario
  }

  /// Runs to the end, or to the first violation.
  ///
  /// - Parameter trace: Gets every input, command and state, in order; without it, nothing is put
  ///   into words, and the run is many times faster.
  public func run(trace: ((TraceRecord) -> Void)? = nil) -> SimulationReport {
    let world = World(self.scenario, trace: trace)
    var violation: Violation?
    do {
      try world.runThroughChaos()
      try world.runThroughRecovery()
    } catch {
      violation = Violation(
        property: error.property, evidence: error.evidence, scenario: self.scenario,
        step: world.steps, time: world.now)
    }
    world.coverage.simulatedTime = world.now
    return SimulationReport(
      scenario: self.scenario, steps: world.steps, coverage: world.coverage,
      fingerprint: world.fingerprint.value, violation: violation)
  }
}

/// What came of a run.
public struct SimulationReport: Hashable, Sendable {
  /// What the run was.
  public let scenario: Scenario
  /// How many inputs the engines were given, the recovery included.
  public let steps: Int
  /// What the run met.
  public let coverage: Coverage
  /// A number that two runs have in common exactly if they went the same way.
  public let fingerprint: UInt64
  /// The first property that was broken; `nil` if none was.
  public let violation: Violation?
}
