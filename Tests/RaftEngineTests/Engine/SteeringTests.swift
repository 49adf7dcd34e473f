import RaftEngine
import Testing

/// What an operator sets off or turns off by hand.
@Suite("Steering")
struct SteeringTests {
  private static let last = LeaderID.led(0, by: 1).at(0)
  private static let own = LeaderID.led(1, by: 1)

  private func heartbeats(_ commands: [Command]) -> [NodeID] {
    commands.compactMap { command in
      guard case .sendHeartbeat(let peer, _, _) = command else { return nil }
      return peer
    }
  }

  // MARK: Elections

  @Test(
    "Told to stand at once, a voter asks nobody first; a leader and a learner stay what they are")
  func standsAtOnce() {
    var voter = Fixture.follower(configuration: .init())
    let vote = LeaderID.led(1, by: 1).standing
    let io = voter.io(1, vote, Self.last)
    #expect(voter.step(.campaignRequested) == [.saveVote(vote, io)])
    var leader = Fixture.leader()
    #expect(leader.step(.campaignRequested) == [])
    var learner = Fixture.follower(of: .voters(2, 3, learners: [1]))
    #expect(learner.step(.campaignRequested) == [])
  }

  @Test("Told to stand at once while it promised to wait, a voter stands when the promise ends")
  func keepsPromise() {
    var voter = Fixture.follower(configuration: .init())
    _ = voter.append([], after: Self.last, under: .led(1, by: 2), promise: 100 * milliseconds)
    #expect(voter.step(.campaignRequested) == [])
    #expect(voter.engine.deadline == Instant(nanoseconds: 1100 * milliseconds))
    voter.time = 1100
    let vote = LeaderID.led(2, by: 1).standing
    let io = voter.io(1, vote, Self.last)
    #expect(voter.step(.elapsed) == [.saveVote(vote, io)])
    #expect(voter.engine.serverState == .candidate)
  }

  @Test("A leader that is heard in time takes back the order to stand")
  func orderIsTakenBack() {
    var voter = Fixture.follower(configuration: .init())
    _ = voter.append([], after: Self.last, under: .led(1, by: 2), promise: 100 * milliseconds)
    #expect(voter.step(.campaignRequested) == [])
    voter.time = 1050
    _ = voter.append([], after: Self.last, under: .led(1, by: 2), promise: 100 * milliseconds)
    voter.time = 1150
    #expect(voter.step(.elapsed) == [])
    voter.time += 100_000
    let requests = voter.step(.elapsed)
    #expect(requests.count == 2)
    guard case .requestPreVote? = requests.first else {
      Issue.record("\(requests)")
      return
    }
  }

  @Test("With elections switched off a voter waits for ever, but stands when it is told to, once")
  func withoutElections() {
    var voter = Fixture.follower()
    #expect(voter.step(.switched([.tick, .heartbeat])) == [])
    #expect(voter.engine.deadline == .distantFuture)
    voter.time += 100_000
    #expect(voter.step(.elapsed) == [])
    #expect(voter.step(.electionRequested) != [])
    #expect(voter.engine.serverState == .candidate)
    let vote = voter.engine.vote
    voter.time += 100_000
    #expect(voter.step(.elapsed) == [] && voter.engine.vote == vote)
  }

  @Test("A message of the leader does not switch elections on again")
  func staysOff() {
    var voter = Fixture.follower()
    _ = voter.step(.switched([.tick, .heartbeat]))
    _ = voter.append([], after: Self.last, under: .led(1, by: 2), promise: 100 * milliseconds)
    #expect(voter.engine.deadline == .distantFuture)
  }

  @Test("Elections that are switched on again come an election timeout later")
  func electionsAgain() {
    var voter = Fixture.follower()
    _ = voter.step(.switched([.tick, .heartbeat]))
    voter.time += 100_000
    _ = voter.step(.switched([.tick, .heartbeat, .election]))
    let wait = voter.now.nanoseconds(to: voter.engine.deadline) / milliseconds
    #expect((150..<300).contains(wait), "\(wait) ms")
    voter.time += wait + 1
    #expect(voter.step(.elapsed) != [] && voter.engine.serverState == .candidate)
  }

  @Test("A node that starts with elections switched off does not stand, even if it is alone")
  func startsSwitchedOff() {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.isElectionEnabled = false
    var only = Fixture.follower(of: .voters(1), configuration: configuration)
    #expect(only.step(.elapsed) == [])
    #expect(only.step(.switched(.all)) == [] && only.step(.elapsed) != [])
  }

  @Test("Pre-votes can be switched off and on")
  func preVotes() {
    var voter = Fixture.follower(configuration: .init())
    _ = voter.step(.switched([.tick, .heartbeat, .election]))
    _ = voter.step(.electionRequested)
    #expect(voter.engine.serverState == .candidate)
    var other = Fixture.follower()
    _ = other.step(.switched(.all))
    _ = other.step(.electionRequested)
    #expect(other.engine.serverState == .follower)
  }

  // MARK: Heartbeats

  @Test("A leader that is told to makes itself heard at once; others say nothing")
  func heartbeatNow() {
    var leader = Fixture.leader()
    #expect(self.heartbeats(leader.step(.heartbeatRequested)) == [2, 3])
    var follower = Fixture.follower()
    #expect(follower.step(.heartbeatRequested) == [])
  }

  @Test("With heartbeats switched off a leader speaks only when it is told to, and needs no waking")
  func withoutHeartbeats() {
    var leader = Fixture.leader()
    _ = leader.step(.switched([.tick, .election, .preVote]))
    for _ in 0..<3 {
      leader.time += 50
      #expect(leader.step(.elapsed) == [])
      #expect(leader.engine.deadline > leader.now)
    }
    #expect(self.heartbeats(leader.step(.heartbeatRequested)) == [2, 3])
    _ = leader.step(.switched(.all))
    leader.time += 50
    #expect(self.heartbeats(leader.step(.elapsed)) == [2, 3])
  }

  @Test("Who answered lately gets no heartbeat that is merely due, but those for reads and by hand")
  func sparesHeartbeats() {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.heartbeatMinInterval = 60 * milliseconds
    var leader = Fixture.leader(configuration: configuration)
    leader.time += 50
    // Both have answered what left 50 ms ago.
    #expect(leader.step(.elapsed) == [])
    #expect(self.heartbeats(leader.step(.heartbeatRequested)) == [2, 3])
    _ = leader.acknowledge(3)
    leader.time += 50
    #expect(self.heartbeats(leader.step(.elapsed)) == [2])
    _ = leader.acknowledge(2)
    let ticket = leader.ticket()
    #expect(self.heartbeats(leader.step(.readRequested(.readIndex, ticket))) == [2, 3])
    leader.time += 50
    _ = leader.acknowledge(3)
    // The read is confirmed, and nobody waits.
    #expect(leader.step(.elapsed) == [])
  }

  @Test("With time switched off nobody stands and nobody is heard")
  func withoutTime() {
    var leader = Fixture.leader()
    _ = leader.step(.switched([.heartbeat, .election]))
    leader.time += 50
    #expect(leader.step(.elapsed) == [])
    var voter = Fixture.follower()
    _ = voter.step(.switched([.heartbeat, .election]))
    voter.time += 100_000
    #expect(voter.step(.elapsed) == [])
  }

  // MARK: Purges

  @Test("A purge by hand goes through the wished index, whatever the rules keep")
  func purges() {
    let log = [LeaderID.led(0, by: 1)] + Array(repeating: LeaderID.led(1, by: 2), count: 9)
    var node = Fixture.follower(log: log, committed: 9)
    #expect(node.step(.purgeRequested(through: 5)) == [])
    let meta = SnapshotMeta(
      lastLogID: LeaderID.led(1, by: 2).at(8), membership: node.engine.membership.committed)
    #expect(node.step(.snapshotBuilt(meta)) == [])
    let purged = LeaderID.led(1, by: 2).at(5)
    #expect(node.step(.purgeRequested(through: 5)) == [.purge(through: purged)])
    #expect(node.engine.log.purged == purged)
    #expect(node.step(.purgeRequested(through: 4)) == [])
  }

  @Test("A purge by hand never goes beyond the snapshot")
  func purgeEnds() {
    let log = [LeaderID.led(0, by: 1)] + Array(repeating: LeaderID.led(1, by: 2), count: 9)
    var node = Fixture.follower(log: log, committed: 9)
    let last = LeaderID.led(1, by: 2).at(8)
    _ = node.step(
      .snapshotBuilt(
        SnapshotMeta(lastLogID: last, membership: node.engine.membership.committed)))
    #expect(node.step(.purgeRequested(through: 1000)) == [.purge(through: last)])
  }

  // MARK: Barriers

  @Test("A barrier is a blank entry, and replicated like any other")
  func barrier() {
    var leader = Fixture.leader()
    let commands = leader.step(.barrierProposed(timestamp: .epoch))
    guard case .appendProposed(let run, _)? = commands.first else {
      Issue.record("\(commands)")
      return
    }
    #expect(run == Self.own.run(2...2, kind: .blank))
    #expect(commands.appends.count == 2)
  }

  @Test("Who does not lead, or leads without a quorum, takes no barrier")
  func barrierRefused() {
    var follower = Fixture.follower()
    #expect(follower.step(.barrierProposed(timestamp: .epoch)) == [.refuseProposed(.notLeader)])
    var leader = Fixture.leader()
    leader.time += 300
    #expect(leader.step(.barrierProposed(timestamp: .epoch)) == [.refuseProposed(.noQuorum)])
  }
}
