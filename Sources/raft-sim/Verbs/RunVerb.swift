import RaftSimulator

/// Runs many seeds and says what they met.
struct RunVerb {
  private let options: RunOptions

  init(_ options: RunOptions) {
    self.options = options
  }

  func run() async -> Int32 {
    var tally = Tally(self.options)
    var next = self.options.seeds.lowerBound
    var isExhausted = false
    await withTaskGroup(of: SimulationReport.self) { group in
      func add() {
        guard !isExhausted else { return }
        var scenario = self.options.scenario
        scenario.seed = next
        isExhausted = next == self.options.seeds.upperBound
        next &+= isExhausted ? 0 : 1
        group.addTask { [scenario] in
          LastScenario.note(scenario)
          return Simulation(scenario).run()
        }
      }
      for _ in 0..<self.options.jobs { add() }
      for await report in group {
        tally.add(report)
        if tally.violations.count < 10 { add() }
      }
    }
    return tally.finish()
  }
}
