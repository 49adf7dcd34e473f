import RaftEngine
import Testing

@Suite("Elections")
struct ElectionTests {
  private static let votes: [NodeID] = [2, 3]

  @Test(
    "A voter that hears nothing stands in the next round; it asks once its vote is durable (S1)")
  func standsAndAsks() {
    var voter = Fixture.follower()
    let vote = LeaderID.led(1, by: 1).standing
    #expect(
      voter.step(.elapsed) == [
        .saveVote(vote, IOID(sequence: 1, vote: vote, logID: .init(term: 0, node: 1, index: 0)))
      ])
    let request = VoteRequest(vote: vote, lastLogID: .init(term: 0, node: 1, index: 0))
    #expect(voter.flush() == [.requestVote(to: 2, request), .requestVote(to: 3, request)])
    #expect(voter.engine.serverState == .candidate)
  }

  @Test("A majority of grants makes a leader, who sends a blank entry of its own to all (S1, S25)")
  func leadsByMajority() {
    var candidate = Fixture.candidate()
    let leader = LeaderID.led(1, by: 1)
    let first = leader.at(1)
    let header = AppendHeader(
      vote: leader.chosen, previous: LeaderID.led(0, by: 1).at(0),
      committed: LeaderID.led(0, by: 1).at(0), promise: 150_000_000, session: 1)
    var second = header
    second.session = 2
    let saved = candidate.io(1, leader.chosen, LeaderID.led(0, by: 1).at(0))
    let written = candidate.io(2, leader.chosen, first)
    #expect(
      candidate.grant(2) == [
        .saveVote(leader.chosen, saved),
        .appendProposed(leader.run(1...1, kind: .blank), written),
        .sendAppend(to: 2, through: 1, message: 1, header, isSized: true),
        .sendAppend(to: 3, through: 1, message: 2, second, isSized: true),
      ])
    #expect(candidate.engine.serverState == .leader)
  }

  @Test("A single voter leads without any message, and commits alone (S2)")
  func singleVoter() {
    var only = Fixture.follower(of: .voters(1))
    #expect(only.engine.deadline <= only.now)
    #expect(only.step(.elapsed).count == 1)
    let leader = LeaderID.led(1, by: 1)
    let io = only.io(1, leader.chosen, LeaderID.led(0, by: 1).at(0))
    let blank = only.io(2, leader.chosen, leader.at(1))
    #expect(
      only.flush() == [
        .saveVote(leader.chosen, io), .appendProposed(leader.run(1...1, kind: .blank), blank),
      ])
    #expect(only.flush() == [.noteCommitted(leader.at(1)), .apply(through: leader.at(1))])
  }

  @Test("Two grants of five with the own are not enough without a third (S3)")
  func fiveVoters() {
    var candidate = Fixture.candidate(of: .voters(1, 2, 3, 4, 5))
    #expect(candidate.grant(2) == [])
    #expect(candidate.engine.serverState == .candidate)
    _ = candidate.grant(3)
    #expect(candidate.engine.serverState == .leader)
  }

  @Test("A grant counts once, and only from a voter (S18)")
  func countsOnce() {
    var candidate = Fixture.candidate(of: .voters(1, 2, 3, 4, 5, learners: [6]))
    #expect(candidate.grant(2) == [] && candidate.grant(2) == [])
    #expect(candidate.grant(6) == [] && candidate.grant(9) == [])
    #expect(candidate.engine.serverState == .candidate)
  }

  @Test("A candidate that is left without answers stands again, in the round after (S4)")
  func standsAgain() {
    var candidate = Fixture.candidate()
    candidate.time += 300
    let vote = LeaderID.led(2, by: 1).standing
    let io = candidate.io(1, vote, LeaderID.led(0, by: 1).at(0))
    #expect(candidate.step(.elapsed) == [.saveVote(vote, io)])
    #expect(candidate.flush().count == 2)
  }

  @Test("A grant to an earlier try does not count for the later one")
  func lateGrant() {
    var candidate = Fixture.candidate()
    let old = candidate.engine.vote
    candidate.time += 300
    _ = candidate.step(.elapsed)
    _ = candidate.flush()
    let grant = VoteResponse(vote: old, isGranted: true, lastLogID: nil)
    #expect(candidate.step(.voteAnswered(grant, from: 2, under: old)) == [])
    #expect(candidate.engine.serverState == .candidate)
  }

  @Test("A voter grants one candidate of a round, and grants it again when asked again (S5)")
  func grantsOne() {
    let last = LeaderID.led(0, by: 1).at(0)
    var onePerTerm = Membership.Terms(cluster: .test)
    onePerTerm.leadershipRule = .onePerTerm
    let membership = Membership.voters(1, 2, 3).with(onePerTerm)
    var voter = Fixture.follower(of: membership)
    let vote = LeaderID.led(5, by: 2).standing
    let io = voter.io(1, vote, last)
    #expect(voter.askVote(vote.leader, last: last) == [.saveVote(vote, io)])
    let granted = Response.vote(VoteResponse(vote: vote, isGranted: true, lastLogID: last))
    #expect(voter.flush() == [.respond(Ticket(1), granted)])
    let refused = Response.vote(VoteResponse(vote: vote, isGranted: false, lastLogID: last))
    #expect(voter.askVote(.led(5, by: 3), last: last) == [.respond(Ticket(2), refused)])
    #expect(voter.askVote(vote.leader, last: last) == [.respond(Ticket(3), granted)])
  }

  @Test("A restarted voter still refuses the second candidate of the round (S6)")
  func restartedVoter() {
    let last = LeaderID.led(0, by: 1).at(0)
    var voter = Fixture.follower(vote: LeaderID.led(5, by: 3).standing)
    let refused = VoteResponse(
      vote: LeaderID.led(5, by: 3).standing, isGranted: false, lastLogID: last)
    #expect(voter.askVote(.led(5, by: 2), last: last).responses == [.vote(refused)])
  }

  @Test("Under many leaders a round, the candidate with the higher number wins later in it")
  func manyPerTerm() {
    let last = LeaderID.led(0, by: 1).at(0)
    var voter = Fixture.follower(vote: LeaderID.led(5, by: 2).standing)
    #expect(voter.askVote(.led(5, by: 3), last: last).responses == [])
    #expect(voter.engine.vote == LeaderID.led(5, by: 3).standing)
  }

  @Test(
    "The log decides: its last leadership first, then its length (S7, S8)",
    arguments: [
      (LeaderID.led(1, by: 1).at(9), false), (LeaderID.led(2, by: 1).at(1), false),
      (LeaderID.led(2, by: 1).at(2), true), (LeaderID.led(2, by: 1).at(3), true),
      (LeaderID.led(3, by: 3).at(1), true),
    ])
  func logDecides(last: LogID, isGranted: Bool) {
    var voter = Fixture.follower(
      log: [.led(0, by: 1), .led(1, by: 1), .led(2, by: 1)])
    _ = voter.askVote(.led(7, by: 3), last: last)
    #expect((voter.engine.vote == LeaderID.led(7, by: 3).standing) == isGranted)
  }

  @Test("A candidate follows the leader of its own round (S9)")
  func candidateFollows() {
    var candidate = Fixture.candidate(1)
    _ = candidate.append([], after: nil, under: .led(1, by: 2))
    #expect(candidate.engine.serverState == .follower)
    #expect(candidate.engine.vote == LeaderID.led(1, by: 2).chosen)
    #expect(candidate.engine.leader == 2)
  }

  @Test("An append of a lower round is refused with the own vote and changes nothing (S11)")
  func lowerRound() {
    var follower = Fixture.follower(vote: LeaderID.led(5, by: 2).chosen)
    let before = follower.engine
    let runs = [LeaderID.led(4, by: 3).run(0...1)]
    #expect(
      follower.append(runs, after: nil, under: .led(4, by: 3)) == [
        .respond(Ticket(1), .append(.higherVote(LeaderID.led(5, by: 2).chosen)))
      ])
    #expect(follower.engine.log == before.log && follower.engine.vote == before.vote)
  }

  @Test("Election timeouts are drawn anew each time, over the whole range (S14)")
  func timeoutsSpread() {
    var candidate = Fixture.candidate()
    var drawn: Set<Int64> = []
    for _ in 0..<500 {
      let started = candidate.now
      _ = candidate.step(.electionRequested)
      let wait = started.nanoseconds(to: candidate.engine.deadline)
      #expect((150 * milliseconds..<300 * milliseconds).contains(wait))
      drawn.insert(wait / (10 * milliseconds))
    }
    #expect(drawn.count == 15)
  }

  @Test("A leader does not stand against itself (S15)")
  func leaderStays() {
    var leader = Fixture.leader()
    let vote = leader.engine.vote
    #expect(leader.step(.electionRequested) == [])
    #expect(leader.engine.vote == vote)
  }

  @Test("Neither a learner nor a node without any membership ever stands (S16, S17)")
  func onlyVotersStand() {
    var learner = Fixture.follower(4, of: .voters(1, 2, 3, learners: [4]))
    #expect(learner.engine.deadline == .distantFuture)
    learner.time += 10_000
    #expect(learner.step(.elapsed) == [] && learner.step(.electionRequested) == [])
    var fresh = Fixture.fresh()
    #expect(fresh.engine.deadline == .distantFuture)
    #expect(fresh.step(.elapsed) == [] && fresh.step(.electionRequested) == [])
  }

  @Test("A learner answers a candidate that counts it as a voter (S17, S81)")
  func learnerGrants() {
    var fresh = Fixture.fresh(4)
    _ = fresh.askVote(.led(3, by: 2), last: nil)
    #expect(
      fresh.flush().responses == [
        .vote(.init(vote: LeaderID.led(3, by: 2).standing, isGranted: true, lastLogID: nil))
      ])
  }

  @Test("A node that knows no rule yet grants nobody a second time in one round (S81)")
  func unknownRule() {
    var fresh = Fixture.fresh(4)
    _ = fresh.askVote(.led(5, by: 1), last: nil)
    _ = fresh.flush()
    #expect(
      fresh.askVote(.led(5, by: 2), last: nil).responses == [
        .vote(.init(vote: LeaderID.led(5, by: 1).standing, isGranted: false, lastLogID: nil))
      ])
  }

  @Test(
    "A voter of the last committed membership may stand; its own vote counts for nothing (#2091)")
  func committedVoterStands() {
    let membership = Membership.voters(1, 2, 3)
    var leader = Fixture.leader(1, of: membership)
    _ = leader.change(.removeVoters([1]), retaining: true)
    // The joint membership still lists it; the one after it does not.
    _ = leader.flush()
    _ = leader.acknowledge(2)
    _ = leader.acknowledge(3)
    #expect(leader.engine.effective == .joint([[2, 3]], learners: [1]))
    _ = leader.append([], after: nil, under: .led(2, by: 3))
    _ = leader.flush()
    leader.time += 1000
    #expect(leader.step(.elapsed).count == 1)
    #expect(leader.flush().count == 2)
    #expect(leader.grant(2) == [])
    _ = leader.grant(3)
    #expect(leader.engine.serverState == .leader)
  }

  @Test("A refusal with a later vote is taken over as standing, never as chosen")
  func refusalWithLaterVote() {
    var candidate = Fixture.candidate()
    let asked = candidate.engine.vote
    let later = LeaderID.led(8, by: 3)
    let io = candidate.io(1, later.standing, LeaderID.led(0, by: 1).at(0))
    let answer = VoteResponse(vote: later.chosen, isGranted: false, lastLogID: nil)
    #expect(
      candidate.step(.voteAnswered(answer, from: 2, under: asked)) == [
        .saveVote(later.standing, io)
      ])
    #expect(candidate.engine.serverState == .follower)
  }

  @Test("Who refuses a shorter log stands above that candidate's round next time (S10, S24)")
  func standsAboveWhatItRefused() {
    let log: [LeaderID] = [.led(0, by: 1), .led(1, by: 1)]
    var voter = Fixture.follower(log: log)
    _ = voter.askVote(.led(40, by: 3), last: LeaderID.led(0, by: 1).at(0))
    #expect(voter.engine.vote == LeaderID.led(1, by: 1).standing)
    voter.time += 1000
    _ = voter.step(.elapsed)
    #expect(voter.engine.vote == LeaderID.led(41, by: 1).standing)
  }
}
