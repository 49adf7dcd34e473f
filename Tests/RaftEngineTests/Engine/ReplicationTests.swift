import RaftEngine
import Testing

@Suite("Replication")
struct ReplicationTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let own = LeaderID.led(1, by: 1)

  private static func window(_ count: Int, entries: Int = 1024) -> EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.appendWindow = count
    configuration.appendEntriesMax = entries
    return configuration
  }

  @Test("A batch of commands is one write, and one append to each peer")
  func batch() {
    var leader = Fixture.leader()
    let io = leader.io(1, Self.own.chosen, Self.own.at(101))
    var header = AppendHeader(
      vote: Self.own.chosen, previous: Self.own.at(1), committed: Self.own.at(1),
      promise: 150_000_000, session: 1)
    let first = header
    header.session = 2
    let message = leader.sent[3]!.message
    #expect(
      leader.propose(100) == [
        .appendProposed(Self.own.run(2...101), io),
        .sendAppend(to: 2, through: 101, message: message + 1, first, isSized: true),
        .sendAppend(to: 3, through: 101, message: message + 2, header, isSized: true),
      ])
  }

  @Test("A majority's durable copies commit, and idle peers hear of it at once (S35)")
  func commits() {
    var leader = Fixture.leader()
    _ = leader.propose()
    _ = leader.flush()
    let commands = leader.acknowledge(2)
    #expect(
      commands.prefix(2) == [.noteCommitted(Self.own.at(2)), .apply(through: Self.own.at(2))])
    guard commands.count == 3, case .sendHeartbeat(to: 2, _, let header) = commands[2] else {
      Issue.record("no news for node 2: \(commands)")
      return
    }
    #expect(header.committed == Self.own.at(2) && header.previous == Self.own.at(2))
  }

  private static func patientLeader() -> Fixture {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.commitNoticeDelay = 2 * milliseconds
    return Fixture.leader(configuration: configuration)
  }

  @Test("News of a commit waits for the next append, and leaves alone when none comes (S35)")
  func commitNotices() {
    var leader = Self.patientLeader()
    _ = leader.propose()
    _ = leader.flush()
    #expect(
      leader.acknowledge(2) == [.noteCommitted(Self.own.at(2)), .apply(through: Self.own.at(2))])
    _ = leader.acknowledge(3)
    #expect(leader.engine.deadline == leader.now.advanced(byNanoseconds: 2 * milliseconds))
    leader.time += 1
    #expect(leader.step(.elapsed) == [])
    leader.time += 1
    let commands = leader.step(.elapsed)
    #expect(commands.count == 2)
    for command in commands {
      guard case .sendHeartbeat(_, _, let header) = command else {
        Issue.record("no news: \(command)")
        continue
      }
      #expect(header.committed == Self.own.at(2))
    }
    #expect(leader.engine.noticeDue == nil)
  }

  @Test("What the next append tells needs no news of its own")
  func neededNoNotice() {
    var leader = Self.patientLeader()
    for _ in 0..<2 {
      _ = leader.propose()
      _ = leader.flush()
      _ = leader.acknowledge(2)
      _ = leader.acknowledge(3)
    }
    _ = leader.propose()
    leader.time += 2
    #expect(leader.step(.elapsed) == [])
    #expect(leader.engine.noticeDue == nil)
  }

  @Test("Who does not lead any more has no news to tell")
  func noNoticeAfterwards() {
    var leader = Self.patientLeader()
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(leader.engine.noticeDue != nil)
    _ = leader.step(
      .appendAnswered(.higherVote(LeaderID.led(9, by: 2).chosen), leader.sent[3]!))
    #expect(!leader.engine.isLeader && leader.engine.noticeDue == nil)
  }

  @Test("A learner's copy never counts (S70)")
  func learnersDoNotCount() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, learners: [4, 5]))
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(4)
    _ = leader.acknowledge(5)
    #expect(leader.engine.committed == Self.own.at(1))
    _ = leader.acknowledge(3)
    #expect(leader.engine.committed == Self.own.at(2))
  }

  @Test("Late answers do not take back what a peer has confirmed (S39)")
  func lateAnswers() {
    var leader = Fixture.leader()
    _ = leader.propose()
    _ = leader.acknowledge(2)
    let late = Sent(peer: 2, session: 1, message: 1, at: leader.now)
    #expect(leader.step(.appendAnswered(.matched(through: Self.zero.at(0)), late)) == [])
    #expect(
      leader.step(.appendAnswered(.conflict(rejected: Self.zero.at(0), hint: nil), late)) == [])
    #expect(leader.propose().appends.first == "2: after T1-N1.2 through 3")
  }

  @Test("While it looks for the agreement, one append is under way; the hint leads there (S41)")
  func probes() {
    let log = [Self.zero] + Array(repeating: LeaderID.led(1, by: 1), count: 9)
    var leader = Fixture.elected(log: log)
    let second = LeaderID.led(2, by: 1)
    #expect(leader.propose().appends == [])
    let rejected = log[9].at(9)
    let hint = AppendOutcome.conflict(rejected: rejected, hint: log[3].at(3))
    #expect(
      leader.step(.appendAnswered(hint, leader.sent[2]!)).appends == [
        "2: after T1-N1.3 through 11"
      ])
    #expect(leader.engine.log.last == second.at(11))
  }

  @Test("A position that the leader's log does not hold is not where two logs agree")
  func strangeMatch() {
    var leader = Fixture.elected()
    _ = leader.flush()
    #expect(leader.acknowledge(2, through: LeaderID.led(0, by: 9).at(1)) == [])
    #expect(leader.acknowledge(3, through: Self.own.at(77)) == [])
    #expect(leader.engine.committed == Self.zero.at(0))
  }

  @Test("A full window holds appends back until an answer comes (S43)")
  func fullWindow() {
    var leader = Fixture.leader(configuration: Self.window(2))
    #expect(leader.propose().appends.count == 2)
    #expect(leader.propose().appends.count == 2)
    #expect(leader.propose().appends == [])
    #expect(
      leader.acknowledge(2, through: Self.own.at(3)).appends == ["2: after T1-N1.3 through 4"])
  }

  @Test("An append that is never answered is sent again (S43)")
  func lostAppend() {
    var leader = Fixture.leader()
    #expect(leader.propose().appends.count == 2)
    _ = leader.acknowledge(3)
    for _ in 0..<25 {
      leader.time += 50
      let commands = leader.step(.elapsed)
      _ = leader.acknowledge(3)
      if !commands.appends.isEmpty {
        #expect(commands.appends == ["2: after T1-N1.1 through 2"])
        return
      }
    }
    Issue.record("never sent again")
  }

  @Test("After an unreachable peer's pause the next answer brings replication back (S42)")
  func unreachable() {
    var leader = Fixture.leader()
    #expect(leader.propose().appends.count == 2)
    #expect(leader.step(.peerFailed(.unreachable, leader.sent[2]!)) == [])
    #expect(leader.propose().appends == [])
    leader.time += 10
    _ = leader.step(.readRequested(.readIndex, leader.ticket()))
    #expect(
      leader.acknowledge(2, through: Self.own.at(1)).appends == ["2: after T1-N1.1 through 3"])
  }

  @Test("The pause of an unreachable peer doubles up to a limit")
  func pauses() {
    var leader = Fixture.leader()
    _ = leader.propose()
    var pauses: [Int64] = []
    for _ in 0..<8 {
      _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[2]!))
      let failed = leader.time
      while leader.time < failed + 2000 {
        leader.time += 50
        let commands = leader.step(.elapsed)
        _ = leader.acknowledge(3)
        if commands.appends.contains(where: { $0.hasPrefix("2:") }) { break }
      }
      pauses.append(leader.time - failed)
    }
    #expect(pauses == [50, 100, 200, 400, 800, 1000, 1000, 1000])
  }

  @Test("An append that overtook the one before it is sent again at once")
  func overtakenAppend() {
    var leader = Fixture.leader(configuration: Self.window(2))
    _ = leader.propose()
    let first = leader.sent[2]!
    _ = leader.propose()
    let second = leader.sent[2]!
    #expect(leader.step(.appendAnswered(.matched(through: Self.own.at(2)), first)).appends == [])
    // The second one was refused on arrival: the first was not there yet.
    let refusal = AppendOutcome.conflict(rejected: Self.own.at(2), hint: Self.own.at(1))
    #expect(
      leader.step(.appendAnswered(refusal, second)).appends == ["2: after T1-N1.2 through 3"])
  }

  @Test("A later vote heard from a peer ends the leadership, and its writers hear of it (S24, S47)")
  func deposed() {
    var leader = Fixture.leader()
    _ = leader.propose()
    let later = LeaderID.led(7, by: 3)
    let io = leader.io(1, later.standing, Self.own.at(2))
    #expect(
      leader.step(.appendAnswered(.higherVote(later.chosen), leader.sent[2]!)) == [
        .abandonWrites(after: Self.own.at(1)), .saveVote(later.standing, io),
      ])
    #expect(leader.engine.serverState == .follower && leader.engine.leader == nil)
    #expect(leader.propose() == [.refuseProposed(.notLeader)])
  }

  @Test("Answers of an earlier leadership or session mean nothing")
  func otherSession() {
    var leader = Fixture.elected()
    _ = leader.flush()
    let stranger = Sent(peer: 2, session: 9, message: 1, at: leader.now)
    #expect(leader.step(.appendAnswered(.matched(through: Self.own.at(1)), stranger)) == [])
    let higher = AppendOutcome.higherVote(LeaderID.led(9, by: 2).chosen)
    #expect(leader.step(.appendAnswered(higher, stranger)) == [])
    #expect(leader.engine.isLeader)
  }

  @Test("A peer that knows no rule and holds another vote of the round is freed by a new round")
  func freesStuckPeer() {
    var terms = Membership.Terms(cluster: .test)
    terms.leadershipRule = .onePerTerm
    var leader = Fixture.leader(of: Membership.voters(1, 2, 3).with(terms))
    _ = leader.propose()
    let stuck = AppendOutcome.higherVote(LeaderID.led(1, by: 3).standing)
    _ = leader.step(.appendAnswered(stuck, leader.sent[3]!))
    #expect(leader.engine.vote == LeaderID.led(2, by: 1).standing)
    #expect(leader.engine.serverState == .candidate)
  }

  @Test("Stamps never go back along the log")
  func stamps() {
    var leader = Fixture.leader()
    let late = Timestamp(nanoseconds: 500)
    let early = Timestamp(nanoseconds: 100)
    _ = leader.step(.proposed(count: 1, byteCount: 1, timestamp: late))
    let commands = leader.step(.proposed(count: 1, byteCount: 1, timestamp: early))
    guard case .appendProposed(let run, _)? = commands.first else {
      Issue.record("no write: \(commands)")
      return
    }
    #expect(run.timestamp == late)
  }
}
