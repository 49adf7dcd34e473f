import Raft

extension NodeProfile {
  /// The default of a scenario: the setup is drawn by the seed, within what the scenario's profile
  /// is about.
  public init(of scenario: Scenario) {
    var dice = Dice(seed: scenario.seed &* 0x9E37_79B9 &+ 7)
    self.init()
    self.nodeCount = dice.number(in: 3...5)
    self.founderCount = dice.number(in: min(3, self.nodeCount)...self.nodeCount)
    if dice.below(10) == 0 { self.founderCount = 1 }
    self.clientCount = dice.number(in: 2...6)
    self.isStreaming = dice.isHeads()
    self.leadershipRule = dice.isHeads() ? .manyPerTerm : .onePerTerm
    if dice.below(6) == 0 { self.diskLatency = 0...0 }
    self.configuration = Self.configuration(&dice)
    self.configuration.clockDriftPerMillion = Int(self.driftPerMillion)
    self.configuration.isPreVoteEnabled = dice.happens(perMille: 700)
    self.witnesses = Plan.witnesses(
      of: scenario, nodeCount: self.nodeCount, voterCount: self.founderCount)
    switch scenario.profile.name {
    case Profile.calm.name:
      self.driftPerMillion = 100
    case Profile.elections.name, Profile.membership.name:
      self.faultPause = 20_000_000...400_000_000
    case Profile.disks.name:
      self.diskLatency = 50_000...20_000_000
    case Profile.snapshots.name:
      self.configuration.snapshotAfter = dice.pick([3, 5, 20])
      self.configuration.entriesKept = dice.pick([0, 5])
    default: break
    }
    self.configuration.commitNoticeDelay = .milliseconds(dice.pick([0, 1, 10]))
  }

  private static func configuration(_ dice: inout Dice) -> Configuration {
    func milliseconds(_ range: ClosedRange<Int>) -> Duration {
      .milliseconds(dice.number(in: range))
    }
    var configuration = Configuration()
    configuration.electionTimeoutMin = milliseconds(100...200)
    configuration.electionTimeoutMax =
      configuration.electionTimeoutMin + milliseconds(50...300)
    configuration.heartbeatInterval = milliseconds(15...45)
    configuration.appendEntriesMax = dice.pick([1, 3, 16, 1024])
    configuration.appendBytesMax = dice.pick([1, 100, 1000, 1 << 20])
    configuration.appendWindow = dice.number(in: 1...4)
    configuration.appendTimeout = milliseconds(50...300)
    configuration.snapshotTimeout = milliseconds(300...3000)
    configuration.readTimeout = milliseconds(50...400)
    configuration.abandonWritesAfter = milliseconds(300...3000)
    configuration.backoffMin = milliseconds(5...50)
    configuration.backoffMax = milliseconds(50...500)
    configuration.snapshotAfter = dice.pick([nil, 10, 30, 100])
    configuration.entriesKept = dice.pick([0, 5, 50])
    configuration.purgeBatch = dice.number(in: 1...8)
    configuration.writeBytesMax = dice.below(4) == 0 ? 4000 : 16_384
    configuration.pendingBytesMax =
      dice.below(4) == 0 ? configuration.writeBytesMax : 1 << 20
    configuration.tailBytesMax = dice.pick([0, 200, 8 << 20])
    configuration.inflightBytesMax = dice.pick([1, 500, 16 << 20])
    configuration.entriesKeptForPeers = dice.pick([0, 5, 10_000])
    configuration.snapshotsSentMax = dice.number(in: 1...2)
    configuration.digestInterval = 4
    configuration.inlineApplyEntriesMax = dice.pick([0, 1, 1024])
    // The slowest disks take up to 300 ms.
    configuration.diskStallLimit = .milliseconds(100)
    return configuration
  }
}
