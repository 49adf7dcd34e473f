import RaftEngine
import Testing

@Suite("Taking over")
struct TransferTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let leader = LeaderID.led(1, by: 2)

  /// A follower of node 2 that has just promised it to wait.
  private func follower() -> Fixture {
    var follower = Fixture.follower()
    _ = follower.append(
      [Self.leader.run(1...1)], after: Self.zero.at(0), under: Self.leader, promise: 150_000_000)
    _ = follower.flush()
    return follower
  }

  private func transfer(
    _ node: inout Fixture, from vote: Vote, to: NodeID = 1, last: LogID? = leader.at(1)
  ) -> [Command] {
    let ticket = node.ticket()
    return node.step(
      .transferRequested(TransferRequest(from: vote, to: to, lastLogID: last), ticket))
  }

  @Test("The node that is meant stands at once, past its promise (S85)")
  func stands() {
    var follower = self.follower()
    let vote = LeaderID.led(2, by: 1).standing
    let io = follower.io(1, vote, Self.leader.at(1))
    #expect(
      self.transfer(&follower, from: Self.leader.chosen) == [
        .respond(Ticket(2), .transfer(.accepted)), .saveVote(vote, io),
      ])
    let request = VoteRequest(
      vote: vote, lastLogID: Self.leader.at(1), transferredFrom: Self.leader.chosen)
    #expect(follower.flush() == [.requestVote(to: 2, request), .requestVote(to: 3, request)])
  }

  @Test("Others set their promise aside for exactly that leader's transfer, and so does it (S85)")
  func setsPromiseAside() {
    var follower = self.follower()
    let refused = follower.askVote(
      .led(2, by: 3), last: Self.leader.at(1), transferredFrom: LeaderID.led(0, by: 2).chosen)
    #expect(refused.responses.count == 1 && follower.engine.vote == Self.leader.chosen)
    _ = follower.askVote(
      .led(2, by: 3), last: Self.leader.at(1), transferredFrom: Self.leader.chosen)
    #expect(follower.engine.vote == LeaderID.led(2, by: 3).standing)
    var leader = Fixture.leader()
    _ = leader.askVote(
      .led(2, by: 3), last: leader.engine.log.last, transferredFrom: leader.engine.vote)
    #expect(leader.engine.vote == LeaderID.led(2, by: 3).standing)
  }

  @Test("A standing vote is nobody's to hand over")
  func standingVote() {
    var voter = Fixture.follower(vote: LeaderID.led(3, by: 2).standing)
    voter.time = 10
    _ = voter.askVote(
      .led(4, by: 3), last: Self.zero.at(0), transferredFrom: LeaderID.led(3, by: 2).standing)
    #expect(voter.engine.vote == LeaderID.led(3, by: 2).standing)
  }

  @Test("A transfer of an earlier leader is refused with the own vote")
  func otherLeader() {
    var follower = self.follower()
    let other = LeaderID.led(0, by: 3).chosen
    #expect(
      self.transfer(&follower, from: other) == [
        .respond(
          Ticket(2), .transfer(.voteChanged(expected: other, actual: Self.leader.chosen)))
      ])
  }

  @Test("Who is not meant takes note only")
  func notMeant() {
    var follower = self.follower()
    #expect(
      self.transfer(&follower, from: Self.leader.chosen, to: 3) == [
        .respond(Ticket(2), .transfer(.accepted))
      ])
  }

  @Test("A log that is not durable through the leader's end takes nothing over (S86)")
  func notFlushed() {
    var follower = self.follower()
    _ = follower.append([Self.leader.run(2...2)], after: Self.leader.at(1), under: Self.leader)
    #expect(
      self.transfer(&follower, from: Self.leader.chosen, last: Self.leader.at(2)).responses == [
        .transfer(.logNotFlushed(expected: Self.leader.at(2), actual: Self.leader.at(1)))
      ])
  }

  @Test("A learner does not take over (S87)")
  func learner() {
    var learner = Fixture.follower(4, of: .voters(1, 2, 3, learners: [4]))
    _ = learner.append([], after: Self.zero.at(0), under: Self.leader)
    _ = learner.flush()
    #expect(
      self.transfer(&learner, from: Self.leader.chosen, to: 4, last: Self.zero.at(0)).responses
        == [.refused(.malformed)])
  }
}
