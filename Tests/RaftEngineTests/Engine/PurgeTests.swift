import RaftEngine
import Testing

/// What a leader keeps for peers that need it, and how many snapshots it sends.
@Suite("Purges and snapshots for slow peers")
struct PurgeTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let members = LoggedMembership(
    logID: LeaderID.led(0, by: 1).at(0), membership: .voters(1, 2, 3))

  private static func configuration(
    extra: Int, snapshots: Int = 2
  ) -> EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.snapshotAfter = nil
    configuration.entriesKept = 0
    configuration.entriesKeptForPeers = extra
    configuration.snapshotsSentMax = snapshots
    return configuration
  }

  /// A leader with ten entries that peer 3 has and peer 2 has not, and a snapshot of them.
  private static func behind(extra: Int) -> Fixture {
    var leader = Fixture.leader(configuration: Self.configuration(extra: extra))
    _ = leader.propose(10)
    _ = leader.flush()
    _ = leader.acknowledge(3)
    _ = leader.step(.applied(through: Self.own.at(11)))
    _ = leader.step(.snapshotRequested)
    return leader
  }

  private func built(_ leader: inout Fixture, at index: LogIndex) -> [Command] {
    leader.step(
      .snapshotBuilt(SnapshotMeta(lastLogID: Self.own.at(index), membership: Self.members)))
  }

  @Test("A leader keeps what a peer that answers still needs, and purges when the peer has it")
  func waits() {
    var leader = Self.behind(extra: 100)
    let kept = self.built(&leader, at: 11)
    #expect(kept == [.purge(through: Self.own.at(1))])
    _ = leader.acknowledge(2)
    leader.time += 50
    #expect(leader.step(.elapsed).first == .purge(through: Self.own.at(11)))
  }

  @Test("It keeps no more than so many entries")
  func limit() {
    var leader = Self.behind(extra: 4)
    let kept = self.built(&leader, at: 11)
    #expect(kept == [.purge(through: Self.own.at(7))])
  }

  @Test("It keeps nothing for a peer that does not answer")
  func silent() {
    var leader = Self.behind(extra: 100)
    leader.time += 400
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(3)
    let kept = self.built(&leader, at: 11)
    #expect(kept == [.purge(through: Self.own.at(11))])
  }

  @Test("While a snapshot is under way it keeps what the peer needs after it")
  func afterSnapshot() {
    var leader = Self.behind(extra: 4)
    leader.time += 400
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(3)
    _ = self.built(&leader, at: 11)
    _ = leader.step(.peerFailed(.lost, leader.sentAppends[2]!))
    leader.time += 60
    let commands = leader.step(.elapsed)
    #expect(self.receivers(commands) == [2])
    _ = leader.propose(3)
    _ = leader.flush()
    _ = leader.acknowledge(3)
    _ = leader.step(.applied(through: Self.own.at(14)))
    // Peer 2's heartbeats are answered while the snapshot is on its way.
    _ = leader.step(.elapsed)
    leader.time += 60
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(2, through: Self.own.at(1))
    _ = leader.step(.snapshotRequested)
    let kept = self.built(&leader, at: 14)
    #expect(kept == [] && leader.engine.log.first == 12)
  }

  // MARK: Triggers

  @Test("A snapshot that is asked for while one is being built is built next (openraft#1828)")
  func askedMeanwhile() {
    var leader = Self.behind(extra: 0)
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(3)
    _ = leader.step(.applied(through: Self.own.at(12)))
    #expect(leader.step(.snapshotRequested) == [])
    let commands = self.built(&leader, at: 11)
    #expect(commands == [.purge(through: Self.own.at(11)), .buildSnapshot])
    let last = self.built(&leader, at: 12)
    #expect(last == [.purge(through: Self.own.at(12))])
  }

  @Test("After a failed attempt what was asked for meanwhile is still built")
  func askedBeforeFailure() {
    var leader = Self.behind(extra: 0)
    #expect(leader.step(.snapshotRequested) == [])
    #expect(leader.step(.snapshotBuildFailed) == [.buildSnapshot])
    #expect(leader.step(.snapshotBuildFailed) == [])
  }

  @Test("A snapshot that another overtook does not stop the next one (openraft#1829)")
  func overtaken() {
    var configuration = Self.configuration(extra: 0)
    configuration.snapshotAfter = 4
    var leader = Fixture.leader(configuration: configuration)
    _ = leader.propose(10)
    _ = leader.flush()
    _ = leader.acknowledge(3)
    #expect(leader.step(.applied(through: Self.own.at(5))) == [.buildSnapshot])
    _ = leader.step(.applied(through: Self.own.at(11)))
    let next = self.built(&leader, at: 0)
    #expect(next.contains(.buildSnapshot))
  }

  // MARK: Turns

  /// A leader of five whose log begins behind entry 4, while all peers have nothing.
  private static func five(snapshots: Int) -> (Fixture, [Command]) {
    let log = [LeaderID.led(0, by: 1)] + Array(repeating: Self.own, count: 7)
    var leader = Fixture.elected(
      of: .voters(1, 2, 3, 4, 5), log: log, committed: 6, purged: 4,
      configuration: Self.configuration(extra: 0, snapshots: snapshots))
    _ = leader.flush()
    var commands: [Command] = []
    for peer in [2, 3, 4, 5] as [NodeID] {
      let refusal = AppendOutcome.conflict(rejected: Self.own.at(7), hint: nil)
      commands += leader.step(.appendAnswered(refusal, leader.sentAppends[peer]!))
    }
    return (leader, commands)
  }

  private func receivers(_ commands: [Command]) -> [NodeID] {
    commands.compactMap { command in
      guard case .sendSnapshot(let peer, _, _, _) = command else { return nil }
      return peer
    }
  }

  @Test("So many snapshots are sent at once; others follow in the order in which they need one")
  func turns() {
    var (leader, commands) = Self.five(snapshots: 2)
    #expect(self.receivers(commands) == [2, 3])
    let vote = leader.engine.vote
    commands = leader.step(.snapshotAnswered(vote, through: Self.own.at(4), leader.sent[3]!))
    #expect(self.receivers(commands) == [4])
    // One that breaks off makes room too, and stands at the end of the line.
    commands = leader.step(.peerFailed(.lost, leader.sent[2]!))
    #expect(self.receivers(commands) == [5])
    leader.time += 60
    #expect(self.receivers(leader.step(.elapsed)) == [])
    commands = leader.step(.snapshotAnswered(vote, through: Self.own.at(4), leader.sent[4]!))
    #expect(self.receivers(commands) == [2])
  }
}
