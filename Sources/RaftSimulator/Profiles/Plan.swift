import RaftEngine

/// The parameters of one run, all drawn from its seed.
struct Plan {
  let nodeCount: Int
  let voterCount: Int
  /// The nodes that are witnesses for as long as they are members.
  let witnesses: Set<NodeID>
  let rule: LeadershipRule
  let configuration: EngineConfiguration
  /// Promises, in nanoseconds, one of which each later life of a node is configured with; none if
  /// they all have the same.
  let otherPromises: [Int64]
  let registerCount: Int
  /// How many entries fit into one message.
  let entriesPerMessage: Int
  /// The longest usual delays of a message, a flush and a piece of the machine's work.
  let networkDelay: Int64
  let flushDelay: Int64
  let machineDelay: Int64
  /// How many messages of a thousand are lost, or come twice.
  let lossPerMille: Int
  let duplicatesPerMille: Int
  /// The greatest drift of a clock, in millionths.
  let drift: Int
  /// How many clients wait for an answer at most.
  let callsMax: Int
  /// The longest time between two troubles, and between two bursts of client calls.
  let faultGap: Int64
  let clientGap: Int64
  /// What a transcript plays by; `nil` where chance brings the troubles.
  let script: ScriptedPlay?

  init(_ scenario: Scenario, dice: inout Dice) {
    let profile = scenario.profile
    let drawn = dice.number(in: 1...5) + (dice.happens(perMille: 250) ? 0 : 2)
    self.nodeCount = scenario.nodeCount ?? drawn
    let voters = scenario.nodeCount == nil ? dice.number(in: 1...5) : 5
    self.voterCount = min(self.nodeCount, voters)
    self.rule = dice.isHeads() ? .manyPerTerm : .onePerTerm
    var configuration = EngineConfiguration()
    configuration.appendEntriesMax = dice.pick([1, 2, 3, 8, 64])
    configuration.appendWindow = dice.pick([1, 1, 2, 4])
    configuration.commitNoticeDelay = dice.pick([0, 1, 10]) * milliseconds
    let after = dice.pick(profile.snapshotsAfter)
    configuration.snapshotAfter = after == 0 ? nil : after
    configuration.entriesKept = dice.pick([0, 3, 10])
    configuration.purgeBatch = dice.pick([1, 4])
    configuration.isPreVoteEnabled = dice.happens(perMille: 700)
    configuration.promise = dice.pick([20, 100, 150]) * milliseconds
    configuration.inflightBytesMax = dice.pick([8, 64, 1 << 20])
    configuration.entriesKeptForPeers = dice.pick([0, 5, 10_000])
    configuration.snapshotsSentMax = dice.pick([1, 2])
    self.drift = dice.pick(profile.drifts)
    configuration.clockDriftPerMillion = self.drift
    // Disks stall for up to two seconds.
    configuration.diskStallLimit = 2 * configuration.electionTimeoutMax
    self.otherPromises =
      dice.happens(perMille: 300) ? [20, 80, 149].map { $0 * milliseconds } : []
    self.entriesPerMessage = dice.pick([1, 3, 1000, 1000])
    configuration.appendBytesMax = SimulatedEntry.byteCount * self.entriesPerMessage
    self.configuration = configuration
    self.registerCount = dice.number(in: 2...8)
    self.networkDelay = dice.pick([1, 5, 20, 60]) * milliseconds
    self.flushDelay = dice.pick(profile.diskDelays) * milliseconds
    self.machineDelay = dice.pick([0, 1, 10, 80]) * milliseconds
    self.lossPerMille = dice.pick(profile.losses)
    self.duplicatesPerMille = dice.pick([0, 10, 100])
    self.faultGap = dice.pick(profile.gaps) * milliseconds
    self.callsMax = dice.pick([4, 16, 64])
    self.clientGap = dice.pick([5, 20, 60]) * milliseconds
    self.script = nil
    self.witnesses = Self.witnesses(
      of: scenario, nodeCount: self.nodeCount, voterCount: self.voterCount)
  }

  /// In one run of three some nodes are witnesses; never the first one, and so few that the first
  /// voters can be founders.
  ///
  /// They have dice of their own, so that the other runs stay what they would be anyway.
  static func witnesses(of scenario: Scenario, nodeCount: Int, voterCount: Int) -> Set<NodeID> {
    var dice = Dice(seed: ~scenario.seed)
    guard nodeCount > 1, dice.happens(perMille: 333) else { return [] }
    var ids = (2...nodeCount).map { NodeID(UInt64($0)) }
    dice.shuffle(&ids)
    var witnesses: Set<NodeID> = []
    for id in ids.prefix(dice.number(in: 1...max(1, nodeCount / 2))) {
      let founders = witnesses.filter { $0.rawValue <= UInt64(voterCount) }.count
      guard id.rawValue > UInt64(voterCount) || founders < voterCount / 2 else { continue }
      witnesses.insert(id)
    }
    return witnesses
  }

  /// What kind of member a node is.
  func role(of id: NodeID) -> Member.Role { self.witnesses.contains(id) ? .witness : .replica }

  /// The description of a node.
  func member(_ id: NodeID) -> Member {
    Member(id: id, address: "node-\(id)", role: self.role(of: id))
  }
}
