public import Raft

/// One seeded run of real nodes, with their runtime, over simulated clocks, disks and networks.
///
/// Everything runs on the calling thread, in an order that the seed decides. The same scenario
/// gives the same run, event for event, in every process.
///
/// ```swift
/// SimulatedExecutor.install()
/// let report = NodeSimulation(Scenario(seed: 7, of: .nodes)).run()
/// if let violation = report.violation { print(violation) }
/// ```
public struct NodeSimulation {
  /// What decides.
  public let scenario: Scenario
  /// How the nodes are set up, and how rough the run is.
  public let profile: NodeProfile
  private let interposer: (any NodeInterposer)?
  private let guests: (any GuestWorkload)?

  /// A run that was not begun.
  ///
  /// - Parameters:
  ///   - scenario: What decides; one of ``Scenario/Subject/nodes``.
  ///   - profile: How the nodes are set up; the default is drawn by the seed, as rough as the
  ///     scenario's profile says.
  ///   - interposer: What to put between the nodes and their stores and transports.
  public init(
    _ scenario: Scenario, profile: NodeProfile? = nil, interposer: (any NodeInterposer)? = nil
  ) {
    self.init(scenario, profile: profile, interposer: interposer, guests: nil)
  }

  /// A run of nodes that carry machines of the caller's own.
  ///
  /// - Parameters:
  ///   - scenario: What decides; one of ``Scenario/Subject/nodes``.
  ///   - workload: The machines, the commands that clients give to them, and what must be true.
  ///   - profile: How the nodes are set up; the default is drawn by the seed.
  public init<Machine: StateMachine>(
    _ scenario: Scenario, simulating workload: MachineWorkload<Machine>,
    profile: NodeProfile? = nil
  ) {
    self.init(scenario, profile: profile, interposer: nil, guests: workload)
  }

  private init(
    _ scenario: Scenario, profile: NodeProfile?, interposer: (any NodeInterposer)?,
    guests: (any GuestWorkload)?
  ) {
    precondition(scenario.subject == .nodes, "simulated engines are run by Simulation")
    precondition(scenario.steps > 0, "a run of \(scenario.steps) steps")
    self.scenario = scenario
    var profile = profile ?? NodeProfile(of: scenario)
    if let count = scenario.nodeCount {
      precondition((1...9).contains(count), "a cluster of \(count) nodes")
      profile.nodeCount = count
      profile.founderCount = min(profile.founderCount, count)
      profile.witnesses = Plan.witnesses(
        of: scenario, nodeCount: count, voterCount: profile.founderCount)
    }
    self.profile = profile
    self.interposer = interposer
    self.guests = guests
  }

  /// Runs from the founding of the cluster to its end; blocks the calling thread.
  ///
  /// - Parameter sink: Gets everything that happens, in order; it changes nothing.
  /// - Precondition: ``SimulatedExecutor/install()`` was called in this process, and no other
  ///   simulation runs in it.
  public func run(trace sink: ((TraceRecord) -> Void)? = nil) -> SimulationReport {
    let executor = SimulatedExecutor(seed: self.scenario.seed)
    let trace = NodeTrace(sink)
    let world = NodeWorld(
      executor: executor, trace: trace, scenario: self.scenario, profile: self.profile,
      guests: self.guests)
    let play = NodePlay(world: world, interposer: self.interposer)
    let ending = executor.run(
      stepsMax: self.scenario.steps + self.profile.recoverySteps,
      probe: { choice in
        trace.step(choice, at: executor.now)
        play.cluster.look()
        return world.violation == nil
      },
      body: { await play.run() })
    if world.violation == nil { Self.judge(ending, play, executor) }
    world.coverage.simulatedTime = executor.now
    return SimulationReport(
      scenario: self.scenario, steps: executor.steps, coverage: world.coverage,
      pieces: world.pieces, fingerprint: trace.hash, violation: world.violation)
  }

  /// Looks for what is wrong with how a run ended.
  private static func judge(
    _ ending: SimulatedExecutor.Ending, _ play: NodePlay, _ executor: SimulatedExecutor
  ) {
    switch ending {
    case .finished:
      let sleepers = executor.settle(for: 30_000_000_000)
      guard sleepers > 0 else { return }
      play.world.fail(.memoryBounds, "\(sleepers) tasks sleep on after the end")
    case .stopped: break
    case .escaped(let jobs):
      play.world.fail(
        .confinement, "\(jobs) jobs became ready on another thread, or asked for the real clock")
    case .deadlocked:
      play.world.fail(
        .liveness,
        "nothing is ready and nobody sleeps; unanswered: "
          + "\(play.book.unanswered.prefix(5).map(\.description)); \(play.state)")
    case .outOfSteps(let steps):
      play.world.fail(.liveness, "not finished after \(steps) steps; \(play.state)")
    }
  }
}
