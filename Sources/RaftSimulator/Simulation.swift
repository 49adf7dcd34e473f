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
  /// Is shown every fault that comes, with its number; a test plants its bug here.
  var spy: ((Fault, Int) throws(Finding) -> Void)?

  /// A run that has not begun.
  ///
  /// - Precondition: the scenario is one of engines, with at least one step and 1 to 9 nodes.
  public init(_ scenario: Scenario) {
    precondition(scenario.subject == .engines, "simulated nodes are run by NodeSimulation")
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
    world.spy = self.spy
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
      pieces: world.pieces, fingerprint: world.fingerprint.value, violation: violation)
  }
}

/// What came of a run.
public struct SimulationReport: Hashable, Sendable {
  /// What the run was.
  public let scenario: Scenario
  /// How many steps there were, the recovery included.
  public let steps: Int
  /// What the run met.
  public let coverage: Coverage
  /// How many faults, ambushes and requests of clients it came to before the troubles ended.
  public let pieces: PieceCounts
  /// A number that two runs have in common exactly if they went the same way.
  public let fingerprint: UInt64
  /// The first property that was broken; `nil` if none was.
  public let violation: Violation?

  /// What came of a run in another process.
  public init(
    scenario: Scenario, steps: Int, coverage: Coverage, fingerprint: UInt64, violation: Violation?
  ) {
    self.init(
      scenario: scenario, steps: steps, coverage: coverage, pieces: PieceCounts(),
      fingerprint: fingerprint, violation: violation)
  }

  init(
    scenario: Scenario, steps: Int, coverage: Coverage, pieces: PieceCounts, fingerprint: UInt64,
    violation: Violation?
  ) {
    self.scenario = scenario
    self.steps = steps
    self.coverage = coverage
    self.pieces = pieces
    self.fingerprint = fingerprint
    self.violation = violation
  }
}
