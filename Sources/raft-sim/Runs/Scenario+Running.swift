import RaftSimulator

extension Scenario {
  /// Runs it to its end, in this process.
  func run(trace: ((TraceRecord) -> Void)? = nil) -> SimulationReport {
    LastScenario.note(self)
    switch self.subject {
    case .engines: return Simulation(self).run(trace: trace)
    case .nodes: return NodeSimulation(self).run(trace: trace)
    }
  }

  /// The same with another seed.
  func with(seed: UInt64) -> Scenario {
    var scenario = self
    scenario.seed = seed
    return scenario
  }
}
