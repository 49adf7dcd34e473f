import Raft

/// One seeded run of real nodes, with their runtime, over simulated clocks, disks and networks.
///
/// Everything runs on the calling thread, in an order that the seed decides. The same seed and
/// profile give the same run, event for event, in every process.
///
/// ```swift
/// SimulatedExecutor.install()
/// let report = NodeSimulation(seed: 7).run()
/// if let violation = report.violation { print(violation) }
/// ```
public struct NodeSimulation {
  /// How much of what happens is kept.
  public enum Recording: Hashable, Sendable {
    /// A hash of all of it.
    case hash
    /// The hash, and every event as a line of text.
    case text
  }

  /// What decides.
  public let seed: UInt64
  /// How rough it is.
  public let profile: NodeProfile
  private let interposer: (any NodeInterposer)?

  /// A run that was not begun.
  ///
  /// - Parameters:
  ///   - seed: What decides.
  ///   - profile: How rough it is; the default is drawn by the seed itself.
  ///   - interposer: What to put between the nodes and their stores and transports.
  public init(
    seed: UInt64, profile: NodeProfile? = nil, interposer: (any NodeInterposer)? = nil
  ) {
    self.seed = seed
    self.profile = profile ?? .chaos(seed: seed)
    self.interposer = interposer
  }

  /// Runs from the founding of the cluster to its end; blocks the calling thread.
  ///
  /// - Precondition: ``SimulatedExecutor/install()`` was called in this process, and no other
  ///   simulation runs in it.
  public func run(recording: Recording = .hash) -> NodeRunReport {
    let executor = SimulatedExecutor(seed: self.seed)
    let trace = NodeTrace(recording)
    let world = NodeWorld(
      executor: executor, trace: trace, profile: self.profile, seed: self.seed)
    let scenario = NodeScenario(world: world, interposer: self.interposer)
    let ending = executor.run(
      stepsMax: self.profile.stepsMax,
      probe: { choice in
        trace.step(choice, at: executor.now)
        if executor.steps % 8 == 0 { scenario.cluster.look() }
        return world.violation == nil
      },
      body: { await scenario.run() })
    let violation = world.violation ?? Self.violation(ending, scenario, executor)
    if let violation, world.violation == nil { world.note("VIOLATION \(violation)") }
    return NodeRunReport(
      seed: self.seed, steps: executor.steps, virtualTime: .nanoseconds(executor.now),
      hash: trace.hash, violation: violation, tally: world.tally, trace: trace.lines)
  }

  /// What is wrong with how a run ended.
  private static func violation(
    _ ending: SimulatedExecutor.Ending, _ scenario: NodeScenario, _ executor: SimulatedExecutor
  ) -> String? {
    switch ending {
    case .finished:
      let sleepers = executor.settle(for: 30_000_000_000)
      return sleepers == 0 ? nil : "leak: \(sleepers) tasks sleep on after the end"
    case .stopped: return nil
    case .escaped(let jobs):
      return "escape: \(jobs) jobs became ready on another thread, or asked for the real clock"
    case .deadlocked:
      return "deadlock: nothing is ready and nobody sleeps; unanswered: "
        + "\(scenario.book.unanswered.prefix(5)); \(scenario.state)"
    case .outOfSteps(let steps):
      return "liveness: not finished after \(steps) steps; \(scenario.state)"
    }
  }
}
