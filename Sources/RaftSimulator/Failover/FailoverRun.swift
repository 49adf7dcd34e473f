import Raft
import RaftEngine

/// One cluster that meets one trouble.
final class FailoverRun {
  private let world: World
  private let scenario: Scenario
  private let trouble: FailoverTrouble
  /// How long the run looks on.
  private let span: Int64

  init(_ study: FailoverStudy, _ trouble: FailoverTrouble, seed: UInt64) {
    let nodeCount = max(study.nodeCount, trouble.nodesMin)
    self.trouble = trouble
    self.span = study.span.nanoseconds
    self.scenario = Scenario(seed: seed, profile: .calm, nodeCount: nodeCount)
    let delay = study.networkDelay.nanoseconds
    self.world = World(
      self.scenario,
      plan: Plan(study.configuration.engine, nodeCount: nodeCount, networkDelay: delay))
    self.world.network.weather = .init(stragglersPerMille: 0, delay: delay)
  }

  /// For how long nobody led, and how many leaders there were afterwards.
  func outcome() throws(Violation) -> (time: Int64, changes: Int) {
    do {
      return try self.play()
    } catch {
      throw Violation(
        property: error.property, evidence: "\(self.trouble): \(error.evidence)",
        scenario: self.scenario, step: self.world.steps, time: self.world.now)
    }
  }

  private func play() throws(Finding) -> (time: Int64, changes: Int) {
    let world = self.world
    try world.found()
    world.agenda.add(.client, at: world.now)
    try world.run { self.commander(after: nil) == nil && world.now < 60_000 * milliseconds }
    try world.run(through: world.now + Int64(world.dice.number(in: 500...2500)) * milliseconds)
    guard let leader = self.commander(after: nil) else {
      throw Finding(.liveness, "no leader before the trouble: \(world.nodes.map(\.summary))")
    }
    let vote = leader.engine.vote
    let changes = world.coverage.leaderChanges
    try self.bring(to: leader)
    let start = world.now
    try world.run { self.commander(after: vote) == nil && world.now < start + self.span }
    let time = min(world.now, start + self.span) - start
    try world.run(through: start + self.span)
    return (time, world.coverage.leaderChanges - changes)
  }

  /// A leader that has committed an entry of its own, of a later vote than this one.
  private func commander(after vote: Vote?) -> SimulatedNode? {
    self.world.nodes.first { node in
      node.isUp && node.leads && node.engine.vote.leader == node.engine.committed?.leader
        && vote.map { $0.leader < node.engine.vote.leader } ?? true
    }
  }

  private func bring(to leader: SimulatedNode) throws(Finding) {
    let others = self.world.nodes.map(\.id).filter { $0 != leader.id }
    let one = others[self.world.dice.below(others.count)]
    switch self.trouble {
    case .crash: self.world.losePower(leader, .someWrites)
    case .deaf: self.cut { $1 == one }
    case .mute: self.cut { from, _ in from == one }
    case .chained: self.cut { $0 == leader.id && $1 == one || $0 == one && $1 == leader.id }
    case .bridge:
      self.cut { ($0 == leader.id && $1 != one) || ($1 == leader.id && $0 != one) }
    case .hub: self.cut { $0 != one && $1 != one }
    case .constrained:
      // What the leader writes now reaches one follower, which is not the hub.
      let ahead = others.first { $0 != one }
      self.cut { !($0 == leader.id && $1 == ahead || $0 == ahead && $1 == leader.id) }
      try self.world.run(through: self.world.now + 100 * milliseconds)
      self.cut { $0 == leader.id || $1 == leader.id || ($0 != one && $1 != one) }
    }
  }

  /// Cuts exactly these ways.
  private func cut(_ isCut: (NodeID, NodeID) -> Bool) {
    for from in self.world.nodes.map(\.id) {
      for to in self.world.nodes.map(\.id) where to != from {
        self.world.network.setCut(isCut(from, to), from: from, to: to)
      }
    }
  }
}

extension Plan {
  /// The plan of a cluster in which nothing is left to chance but delays and timeouts.
  init(_ configuration: EngineConfiguration, nodeCount: Int, networkDelay: Int64) {
    self.nodeCount = nodeCount
    self.voterCount = nodeCount
    self.rule = .manyPerTerm
    self.configuration = configuration
    self.otherPromises = []
    self.registerCount = 4
    self.entriesPerMessage = .max
    self.networkDelay = networkDelay
    self.flushDelay = milliseconds
    self.machineDelay = 0
    self.lossPerMille = 0
    self.duplicatesPerMille = 0
    self.drift = 0
    self.callsMax = 8
    self.faultGap = 1
    self.clientGap = 40 * milliseconds
    self.script = nil
    self.witnesses = []
  }
}
