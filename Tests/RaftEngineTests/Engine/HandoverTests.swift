import RaftEngine
import Testing

@Suite("Handing over")
struct HandoverTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let timeout: Int64 = 300

  private func wish(
    _ node: inout Fixture, to target: NodeID?, within limit: Int64? = nil
  ) -> [Command] {
    let ticket = node.ticket()
    return node.step(.transferWanted(to: target, within: limit, ticket))
  }

  private static func request(to target: NodeID, last: LogIndex) -> Command {
    .sendTransfer(
      to: target, TransferRequest(from: own.chosen, to: target, lastLogID: own.at(last)))
  }

  /// A leader with a third entry that only node 3 has confirmed.
  private func leaderWithLaggard() -> Fixture {
    var leader = Fixture.leader()
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(3)
    return leader
  }

  @Test("A target that has everything is asked at once, and lease reads end (S85)")
  func asksAtOnce() {
    var leader = Fixture.leader()
    #expect(self.wish(&leader, to: 2) == [Self.request(to: 2, last: 1)])
    guard let lead = leader.engine.lead else {
      Issue.record("it does not lead any more")
      return
    }
    #expect(lead.isLeaseEnded && leader.engine.transferTarget == 2)
  }

  @Test("A slow target is asked exactly when it has the leader's last entry (S86)")
  func catchesUpFirst() {
    var leader = self.leaderWithLaggard()
    #expect(self.wish(&leader, to: 2) == [])
    #expect(leader.acknowledge(3).isEmpty)
    #expect(leader.acknowledge(2).last == Self.request(to: 2, last: 2))
  }

  @Test("A lease lasts until the request has left")
  func leaseLasts() {
    var leader = self.leaderWithLaggard()
    _ = self.wish(&leader, to: 2)
    guard let lead = leader.engine.lead else { return }
    #expect(!lead.isLeaseEnded)
  }

  @Test("A target that needs a snapshot gets it first (S86)")
  func snapshotFirst() {
    var leader = Fixture.elected(
      log: [.led(0, by: 1), .led(0, by: 1), .led(0, by: 1)], committed: 2, purged: 1)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    let nothing = AppendOutcome.conflict(rejected: LeaderID.led(0, by: 1).at(2), hint: nil)
    _ = leader.step(.appendAnswered(nothing, leader.sentAppends[3]!))
    #expect(self.wish(&leader, to: 3) == [])
    let snapshot = leader.step(
      .snapshotAnswered(leader.engine.vote, through: LeaderID.led(0, by: 1).at(1), leader.sent[3]!))
    #expect(snapshot.appends == ["3: after T0-N1.1 through 3"])
    #expect(leader.acknowledge(3).contains(Self.request(to: 3, last: 3)))
  }

  @Test("Without a name the voter with the most complete log takes over, if it was heard")
  func picksTheBest() {
    var leader = self.leaderWithLaggard()
    #expect(self.wish(&leader, to: nil) == [Self.request(to: 3, last: 2)])
    // Who asks for nobody in particular joins what is under way.
    #expect(self.wish(&leader, to: nil) == [])
    var silent = Fixture.leader()
    silent.time += Self.timeout
    #expect(self.wish(&silent, to: nil).responses == [.transferRefused(.noneHeard)])
  }

  @Test("Whoever cannot take over is refused (S87)")
  func refusals() {
    var leader = Fixture.leader(of: .voters(1, 2, learners: [4]))
    #expect(self.wish(&leader, to: 1).responses == [.transferRefused(.alreadyLeads)])
    #expect(self.wish(&leader, to: 9).responses == [.transferRefused(.unknown(9))])
    #expect(self.wish(&leader, to: 4).responses == [.transferRefused(.learner(4))])
    #expect(leader.engine.transferTarget == nil)
    var alone = Fixture.leader(of: .voters(1, learners: [4]))
    #expect(self.wish(&alone, to: nil).responses == [.transferRefused(.noOtherVoter)])
    var follower = Fixture.follower()
    #expect(self.wish(&follower, to: 2).responses == [.transferRefused(.notLeader)])
  }

  @Test("Writes and changes are refused meanwhile, reads go on (S87)")
  func refusesProposals() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    #expect(leader.propose() == [.refuseProposed(.transferring(to: 2))])
    #expect(
      leader.change(.removeVoters([2])).responses == [.membershipRefused(.transferring(to: 2))])
    _ = leader.step(.readRequested(.readIndex, Ticket(77)))
    #expect(leader.acknowledge(3).responses == [.readable(from: Self.own.at(1), while: nil)])
  }

  @Test("A lost request is repeated after the time of a heartbeat, not before")
  func repeats() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    #expect(leader.step(.transferAnswered(nil, from: 2, under: Self.own.chosen)) == [])
    leader.time += 49
    #expect(!leader.acknowledge(2).contains(Self.request(to: 2, last: 1)))
    leader.time += 1
    #expect(leader.step(.elapsed).contains(Self.request(to: 2, last: 1)))
  }

  @Test("A target that has not flushed is asked again with the next answer")
  func notFlushed() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    let answer = TransferResponse.logNotFlushed(expected: Self.own.at(1), actual: nil)
    #expect(leader.step(.transferAnswered(answer, from: 2, under: Self.own.chosen)) == [])
    #expect(leader.acknowledge(2).contains(Self.request(to: 2, last: 1)))
  }

  @Test(
    "A target behind a later vote ends the leadership; if it stands, it is the one that was meant")
  func voteChanged() {
    for (node, response) in [
      (2, .leadershipTransferred(to: 2)), (3, .transferRefused(.outcomeUnknown)),
    ] as [(UInt64, Response)] {
      var leader = Fixture.leader()
      _ = self.wish(&leader, to: 2)
      let later = LeaderID.led(2, by: node).standing
      let answer = TransferResponse.voteChanged(expected: Self.own.chosen, actual: later)
      let commands = leader.step(.transferAnswered(answer, from: 2, under: Self.own.chosen))
      #expect(commands.responses == [response])
      #expect(leader.engine.vote == later && !leader.engine.isLeader)
    }
  }

  @Test("A target that stands behind an earlier vote is given up at once")
  func earlierVote() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    let earlier = LeaderID.led(0, by: 3).chosen
    let answer = TransferResponse.voteChanged(expected: Self.own.chosen, actual: earlier)
    #expect(
      leader.step(.transferAnswered(answer, from: 2, under: earlier)) == [],
      "an answer to an earlier leadership means nothing")
    #expect(
      leader.step(.transferAnswered(answer, from: 2, under: Self.own.chosen)).responses == [
        .transferRefused(.givenUp(2))
      ])
    #expect(leader.engine.isLeader && leader.propose().appends.count == 2)
  }

  @Test("Whoever waits hears of it when the target's vote is taken (S85)")
  func succeeds() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    let commands = leader.askVote(
      .led(2, by: 2), last: Self.own.at(1), transferredFrom: Self.own.chosen)
    #expect(commands.responses == [.leadershipTransferred(to: 2)])
    #expect(leader.engine.vote == LeaderID.led(2, by: 2).standing)
  }

  @Test("Whoever waits does not take another leader for the target")
  func overtaken() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    let commands = leader.append([], after: nil, under: .led(9, by: 3))
    #expect(commands.responses.contains(.transferRefused(.outcomeUnknown)))
  }

  @Test("A transfer marks nobody for ever: past its time the leader serves again (S86)")
  func givesUp() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    leader.time += 250
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(3)
    #expect(leader.engine.deadline == Instant(nanoseconds: 1300 * milliseconds))
    leader.time += 50
    #expect(leader.step(.elapsed).responses == [.transferRefused(.givenUp(2))])
    #expect(leader.engine.transferTarget == nil)
    #expect(leader.propose().appends.isEmpty == false)
    #expect(leader.change(.removeVoters([3])).responses == [])
    guard let lead = leader.engine.lead else { return }
    #expect(lead.isLeaseEnded, "the target may still be elected")
  }

  @Test("A second wish for the same target joins the first and does not prolong it (S88)")
  func joins() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    leader.time += 200
    #expect(self.wish(&leader, to: 2, within: 9_000_000_000).count == 1)
    _ = leader.step(.elapsed)
    leader.time += 100
    #expect(
      leader.step(.elapsed).responses == [
        .transferRefused(.givenUp(2)), .transferRefused(.givenUp(2)),
      ])
  }

  @Test("A wish for another target replaces the first, in its own time (S88)")
  func replaces() {
    var leader = Fixture.leader()
    _ = self.wish(&leader, to: 2)
    leader.time += 200
    #expect(
      self.wish(&leader, to: 3) == [
        .respond(Ticket(1), .transferRefused(.replaced(by: 3))), Self.request(to: 3, last: 1),
      ])
    leader.time += 299
    #expect(!leader.step(.elapsed).responses.contains(.transferRefused(.givenUp(3))))
    leader.time += 1
    #expect(leader.step(.elapsed).responses == [.transferRefused(.givenUp(3))])
  }

  @Test("A joint membership is left by whoever leads next, or by this leader afterwards (S80)")
  func joint() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([3]))
    #expect(self.wish(&leader, to: 2) == [])
    _ = leader.flush()
    // The joint membership is committed, and left alone.
    #expect(leader.acknowledge(2).contains(Self.request(to: 2, last: 2)))
    #expect(leader.engine.committed == Self.own.at(2))
    #expect(leader.engine.effective?.isJoint == true)
    leader.time += Self.timeout
    _ = leader.step(.elapsed)
    #expect(leader.engine.effective == .voters(1, 2))
  }

  @Test("A change that waits for the first entry begins after the transfer was given up")
  func deferredChange() {
    var leader = Fixture.elected()
    _ = leader.flush()
    _ = leader.change(.removeVoters([3]))
    _ = self.wish(&leader, to: 2)
    _ = leader.acknowledge(2)
    #expect(leader.engine.committed == Self.own.at(1))
    #expect(leader.engine.effective == .voters(1, 2, 3))
    leader.time += Self.timeout
    _ = leader.step(.elapsed)
    #expect(leader.engine.effective?.isJoint == true)
  }
}
