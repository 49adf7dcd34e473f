import RaftEngine
import Testing

/// The figures of the Raft paper.
@Suite("The paper's figures")
struct PaperTests {
  /// Node 1's log of figure 7, in rounds 1 1 1 4 4 5 5 6 6 6; each round was led by one node.
  private static func log(_ terms: UInt64...) -> [LeaderID] {
    terms.map { .led($0, by: $0 % 3 + 1) }
  }

  @Test(
    "Figure 7: whatever a follower's log looks like, it becomes the leader's (S33)",
    arguments: [
      log(1, 1, 1, 4, 4, 5, 5, 6, 6), log(1, 1, 1, 4),
      log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6), log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
      log(1, 1, 1, 4, 4, 4, 4), log(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
    ])
  func figure7(log: [LeaderID]) {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.appendEntriesMax = 2
    var leader = Fixture.candidate(
      vote: LeaderID.led(7, by: 2).standing, log: Self.log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6),
      configuration: configuration)
    var follower = Fixture.follower(2, log: log)
    var commands = leader.grant(3)
    var rounds = 0
    while rounds < 20 {
      rounds += 1
      for command in commands {
        guard case .sendAppend(to: 2, let through, let message, let header, _) = command else {
          continue
        }
        let runs = leader.runs(after: header.previous, through: through)
        let ticket = follower.ticket()
        var answers = follower.step(
          .appendReceived(header, runs, from: Sender(node: 1, cluster: .test), ticket))
        answers += follower.flush()
        guard case .append(let outcome)? = answers.responses.first else {
          Issue.record("no answer: \(answers)")
          return
        }
        let sent = Sent(peer: 2, session: header.session, message: message, at: leader.now)
        commands = leader.step(.appendAnswered(outcome, sent))
      }
      if follower.engine.log.leaders == leader.engine.log.leaders { break }
    }
    #expect(follower.engine.log.leaders == leader.engine.log.leaders)
    #expect(rounds <= 7)
  }

  @Test("Figure 8: an entry of an earlier round is committed only along with an own one (S34)")
  func figure8() {
    // Round 2's entry 2 stands on nodes 1 and 3; node 1 leads again, in round 4.
    let log: [LeaderID] = [.led(0, by: 1), .led(1, by: 1), .led(2, by: 1)]
    var leader = Fixture.elected(of: .voters(1, 2, 3, 4, 5), log: log)
    _ = leader.flush()
    _ = leader.acknowledge(2, through: log[2].at(2))
    _ = leader.acknowledge(3, through: log[2].at(2))
    #expect(leader.engine.committed == log[0].at(0))
    let own = leader.engine.log.last!
    #expect(own == LeaderID.led(3, by: 1).at(3))
    _ = leader.acknowledge(2)
    #expect(leader.engine.committed == log[0].at(0))
    _ = leader.acknowledge(3)
    #expect(leader.engine.committed == own)
  }

  /// Node 1 leads round 1 and sends entry 2 before its own disk has it; power is lost; it comes
  /// back.
  ///
  /// Were it to lead round 1 again, its next entry 2 would be another one under the same position,
  /// and node 2 would take it for the one that it holds.
  @Test("A node never leads twice under one leadership: after a restart it stands in a new round")
  func neverLeadsTwice() {
    var leader = Fixture.leader()
    #expect(
      leader.propose().appends == ["2: after T1-N1.1 through 2", "3: after T1-N1.1 through 2"])
    var recovered = Engine.Recovered()
    recovered.vote = leader.engine.vote
    recovered.log = LogIDList([.led(0, by: 1), .led(1, by: 1)])
    recovered.membership = leader.engine.membership
    recovered.committed = LeaderID.led(0, by: 1).at(0)
    var restarted = Fixture(1, recovered)
    #expect(restarted.engine.vote == LeaderID.led(1, by: 1).chosen)
    #expect(restarted.engine.serverState == .follower && restarted.engine.leader == nil)
    #expect(restarted.propose() == [.refuseProposed(.notLeader)])
    restarted.time += 1000
    _ = restarted.step(.elapsed)
    #expect(restarted.engine.vote == LeaderID.led(2, by: 1).standing)
  }

  @Test("A single voter that restarts stands in a new round too, at once")
  func singleVoterRestarts() {
    var only = Fixture.follower(
      of: .voters(1), vote: LeaderID.led(4, by: 1).chosen,
      log: [.led(0, by: 1), .led(4, by: 1)])
    #expect(only.engine.deadline == Instant(nanoseconds: 0))
    _ = only.step(.elapsed)
    _ = only.flush()
    #expect(only.engine.vote == LeaderID.led(5, by: 1).chosen && only.engine.isLeader)
  }
}

extension Fixture {
  /// The entries of this node's log as commands, for an append.
  func runs(after previous: LogID?, through last: LogIndex) -> [EntryRun] {
    let first = previous.nextIndex
    guard first <= last else { return [] }
    return (first...last).map { self.engine.log.leader(at: $0)!.run($0...$0) }
  }
}
