import RaftEngine
import Testing

@Suite("Quorum contact and promises")
struct ContactTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let own = LeaderID.led(1, by: 1)

  @Test("A leader without contact to a quorum refuses writes and changes, and stays leader (S23)")
  func refusesWrites() {
    var leader = Fixture.leader()
    leader.time += 299
    #expect(leader.propose().count == 3)
    leader.time += 1
    #expect(leader.propose() == [.refuseProposed(.noQuorum)])
    #expect(leader.change(.removeVoters([3])).responses == [.membershipRefused(.noQuorum)])
    #expect(leader.engine.isLeader && !leader.engine.hasQuorumContact)
  }

  @Test("Without contact it sends probes only: no entries, and no promise asked (openraft#2080)")
  func probesOnly() {
    var leader = Fixture.leader()
    _ = leader.propose()
    leader.time += 2000
    let commands = leader.step(.elapsed)
    #expect(commands.appends == [] && commands.count == 2)
    for command in commands {
      guard case .sendHeartbeat(_, _, let header) = command else {
        Issue.record("not a probe: \(command)")
        continue
      }
      #expect(header.promise == 0)
    }
  }

  @Test("Contact counts from when the answered message left, not from when the answer came")
  func countsFromSending() {
    var leader = Fixture.leader()
    leader.time += 60
    _ = leader.step(.elapsed)
    leader.time += 250
    _ = leader.acknowledge(2)
    leader.time += 49
    #expect(leader.propose().count == 3)
    leader.time += 1
    #expect(leader.propose() == [.refuseProposed(.noQuorum)])
  }

  @Test("When a quorum answers a probe, ordinary sending resumes at once")
  func resumes() {
    var leader = Fixture.leader()
    _ = leader.propose()
    leader.time += 2000
    _ = leader.step(.elapsed)
    #expect(leader.acknowledge(2, through: Self.own.at(1)).appends.count == 2)
    #expect(leader.engine.hasQuorumContact)
  }

  @Test("A learner's answers are no contact")
  func learnerIsNoContact() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, learners: [4]))
    leader.time += 280
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(4)
    leader.time += 30
    #expect(leader.propose() == [.refuseProposed(.noQuorum)])
  }

  @Test("A leader with contact refuses a later candidate and keeps its vote (S22)")
  func refusesCandidate() {
    var leader = Fixture.leader()
    let last = leader.engine.log.last
    let refusal = VoteResponse(vote: Self.own.chosen, isGranted: false, lastLogID: last)
    #expect(leader.askVote(.led(9, by: 3), last: last).responses == [.vote(refusal)])
    #expect(leader.engine.isLeader)
  }

  @Test("A leader without contact gives way to a later candidate")
  func givesWay() {
    var leader = Fixture.leader()
    leader.time += 1000
    let io = leader.io(1, LeaderID.led(9, by: 3).standing, leader.engine.log.last)
    #expect(
      leader.askVote(.led(9, by: 3), last: leader.engine.log.last) == [
        .abandonWrites(after: Self.own.at(1)), .saveVote(LeaderID.led(9, by: 3).standing, io),
      ])
    #expect(leader.engine.serverState == .follower)
  }

  @Test(
    "A follower keeps its promise: no grant, no change of its round, for as long as asked (S22)")
  func keepsPromise() {
    var follower = Fixture.follower()
    _ = follower.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 90_000_000)
    _ = follower.flush()
    follower.time += 89
    let refusal = VoteResponse(
      vote: LeaderID.led(1, by: 2).chosen, isGranted: false, lastLogID: Self.zero.at(0))
    #expect(
      follower.askVote(.led(9, by: 3), last: Self.zero.at(0)).responses == [.vote(refusal)])
    follower.time += 1
    _ = follower.askVote(.led(9, by: 3), last: Self.zero.at(0))
    #expect(follower.engine.vote == LeaderID.led(9, by: 3).standing)
  }

  @Test("A promise does not bind against the leader to whom it was given")
  func promiseHolder() {
    var follower = Fixture.follower()
    _ = follower.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 90_000_000)
    _ = follower.askVote(.led(2, by: 2), last: Self.zero.at(0))
    #expect(follower.engine.vote == LeaderID.led(2, by: 2).standing)
  }

  @Test("A later, shorter promise does not shorten an earlier one")
  func longestPromise() {
    var follower = Fixture.follower()
    _ = follower.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 140_000_000)
    _ = follower.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 1_000_000)
    follower.time += 100
    _ = follower.askVote(.led(9, by: 3), last: Self.zero.at(0))
    #expect(follower.engine.vote == LeaderID.led(1, by: 2).chosen)
  }

  @Test("A node that promised does not stand itself, also when told to; it does so afterwards")
  func promiseBindsItself() {
    var follower = Fixture.follower()
    _ = follower.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 140_000_000)
    _ = follower.flush()
    #expect(follower.step(.electionRequested) == [])
    #expect(follower.engine.vote == LeaderID.led(1, by: 2).chosen)
    #expect(follower.engine.deadline == follower.now.advanced(byNanoseconds: 140_000_000))
    follower.time += 140
    _ = follower.step(.elapsed)
    #expect(follower.engine.vote == LeaderID.led(2, by: 1).standing)
  }

  @Test("The only voter keeps a promise too")
  func onlyVoterPromises() {
    var only = Fixture.follower(of: .voters(1, learners: [2]), vote: LeaderID.led(3, by: 2).chosen)
    _ = only.append([], after: Self.zero.at(0), under: .led(3, by: 2), promise: 150_000_000)
    _ = only.flush()
    only.time += 149
    #expect(only.step(.elapsed) == [] && only.step(.electionRequested) == [])
  }

  @Test("A voter that starts keeps the promise that it may have given before")
  func restartKeepsPromise() {
    var voter = Fixture.follower(vote: LeaderID.led(3, by: 2).chosen)
    voter.time = 149
    _ = voter.askVote(.led(4, by: 3), last: Self.zero.at(0))
    #expect(voter.engine.vote == LeaderID.led(3, by: 2).chosen)
    #expect(voter.engine.deadline >= Instant(nanoseconds: 150 * milliseconds))
    voter.time = 150
    _ = voter.askVote(.led(4, by: 3), last: Self.zero.at(0))
    #expect(voter.engine.vote == LeaderID.led(4, by: 3).standing)
  }

  @Test("A probe renews nothing: who hears nothing else stands when its time has come (#2080)")
  func probeRenewsNothing() {
    var bridge = Fixture.follower()
    _ = bridge.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 150_000_000)
    _ = bridge.flush()
    let deadline = bridge.engine.deadline
    bridge.time += 100
    #expect(
      bridge.append([], after: Self.zero.at(0), under: .led(1, by: 2), promise: 0).responses == [
        .append(.matched(through: Self.zero.at(0)))
      ])
    #expect(bridge.engine.deadline == deadline)
    bridge.time += 200
    _ = bridge.step(.elapsed)
    #expect(bridge.engine.serverState == .candidate)
  }

  @Test("Writers of a leader that stays without contact learn that their outcome is unknown, once")
  func abandonsWriters() {
    var leader = Fixture.leader()
    _ = leader.propose()
    leader.time += 2999
    #expect(leader.step(.elapsed).count == 2)
    leader.time += 51
    #expect(leader.step(.elapsed).contains(.abandonWrites(after: Self.own.at(1))))
    leader.time += 51
    #expect(!leader.step(.elapsed).contains(.abandonWrites(after: Self.own.at(1))))
  }
}
