import RaftSimulator

/// `run --node` and `replay --node`: runs of real nodes.
enum NodeVerb {
  /// Runs these seeds, with a line for each that fails and a summary; returns the exit status.
  static func run(seeds: ClosedRange<UInt64>, isVerbose: Bool = false) -> Int32 {
    SimulatedExecutor.install()
    var tally = NodeTally()
    var steps = 0
    var virtualTime = Duration.zero
    var failed: [UInt64] = []
    let clock = ContinuousClock()
    let start = clock.now
    for seed in seeds {
      let report = NodeSimulation(seed: seed).run()
      tally += report.tally
      steps += report.steps
      virtualTime += report.virtualTime
      if isVerbose || report.violation != nil { print(report) }
      if report.violation != nil { failed.append(seed) }
    }
    let passed = start.duration(to: clock.now) / .seconds(1)
    print(
      """
      \(seeds.count) seeds, \(failed.count) failed, \(steps) steps, \(virtualTime) of virtual \
      time in \(passed) s: \(Int(Double(steps) / max(passed, 0.000_001))) steps/s
      \(tally)
      """)
    for seed in failed { print("repeat with: raft-sim replay \(seed) --node") }
    return failed.isEmpty ? 0 : 1
  }

  /// Runs one seed and prints all that happened.
  static func replay(seed: UInt64) -> Int32 {
    SimulatedExecutor.install()
    let report = NodeSimulation(seed: seed).run(recording: .text)
    for line in report.trace ?? [] { print(line) }
    print(report)
    return report.violation == nil ? 0 : 1
  }
}
