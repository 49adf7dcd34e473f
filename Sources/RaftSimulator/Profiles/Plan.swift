import RaftEngine

/// The parameters of one run, all drawn from its seed.
struct Plan {
  let nodeCount: Int
  let voterCount: Int
  let rule: LeadershipRule
  let configuration: EngineConfiguration
  /// Promises, in nanoseconds, one of which each later life of a node is configured with; none if
  /// they all have the same.
  let otherPromises: [Int64]
  let registerCount: Int
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
    let after = dice.pick(profile.snapshotsAfter)
    configuration.snapshotAfter = after == 0 ? nil : after
    configuration.entriesKept = dice.pick([0, 3, 10])
    configuration.purgeBatch = dice.pick([1, 4])
    configuration.isPreVoteEnabled = dice.happens(perMille: 700)
    configuration.promise = dice.pick([20, 100, 150]) * milliseconds
    self.drift = dice.pick(profile.drifts)
    configuration.clockDriftPerMillion = self.drift
    self.configuration = configuration
    self.otherPromises =
      dice.happens(perMille: 300) ? [20, 80, 149].map { $0 * milliseconds } : []
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
  }
}
