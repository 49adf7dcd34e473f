import RaftEngine
import Testing

@Suite("Storage that is unfit to lead by")
struct FitnessTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let limit: Int64 = 1000

  private static let configuration: EngineConfiguration = {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.diskStallLimit = limit * milliseconds
    return configuration
  }()

  /// A leader whose second entry the peers have, and its own disk has not.
  private func stalledLeader(heard peers: [NodeID] = [2, 3]) -> Fixture {
    var leader = Fixture.leader(configuration: Self.configuration)
    _ = leader.propose()
    leader.time += Self.limit - 1
    _ = leader.step(.elapsed)
    for peer in peers { _ = leader.acknowledge(peer) }
    return leader
  }

  private static func request(to target: NodeID, last: LogIndex = 2) -> Command {
    .sendTransfer(
      to: target, TransferRequest(from: own.chosen, to: target, lastLogID: own.at(last)))
  }

  @Test("A leader whose disk reports nothing for the limit asks a peer to take over, not before")
  func asks() {
    var leader = self.stalledLeader()
    #expect(leader.engine.stalledSince == nil && leader.engine.transferTarget == nil)
    #expect(leader.engine.committed == Self.own.at(2))
    let due = leader.now.advanced(byNanoseconds: milliseconds)
    #expect(leader.engine.deadline == due)
    leader.time += 1
    #expect(leader.step(.elapsed).contains(Self.request(to: 2)))
    let since = leader.now.advanced(byNanoseconds: -Self.limit * milliseconds)
    #expect(leader.engine.stalledSince == since)
    #expect(leader.propose() == [.refuseProposed(.transferring(to: 2))])
  }

  @Test("If nobody can be asked, it steps down without a word to its disk")
  func stepsDown() {
    var leader = self.stalledLeader(heard: [])
    leader.time += 1
    let commands = leader.step(.elapsed)
    #expect(commands.contains(.abandonWrites(after: Self.own.at(1))))
    #expect(
      !commands.contains { command in
        if case .saveVote = command { return true }
        return false
      })
    #expect(leader.engine.serverState == .follower && leader.engine.leader == nil)
    #expect(leader.engine.vote == Self.own.chosen)
  }

  @Test("Peers that do not take over are asked one after the other, and then it steps down")
  func oneAfterTheOther() {
    var leader = self.stalledLeader()
    leader.time += 1
    _ = leader.step(.elapsed)
    // The first one says no, or nothing; the second one accepts, and is never heard of again.
    #expect(
      leader.step(.transferAnswered(nil, from: 2, under: Self.own.chosen)) == [Self.request(to: 3)])
    #expect(leader.step(.transferAnswered(.accepted, from: 3, under: Self.own.chosen)) == [])
    leader.time += 299
    _ = leader.step(.elapsed)
    #expect(leader.engine.isLeader)
    leader.time += 1
    _ = leader.step(.elapsed)
    #expect(!leader.engine.isLeader && leader.engine.vote == Self.own.chosen)
  }

  @Test("An operator's transfer that is under way gets no more time than the leader has")
  func transferUnderWay() {
    var leader = self.stalledLeader()
    let ticket = leader.ticket()
    _ = leader.step(.transferWanted(to: 3, within: 60_000 * milliseconds, ticket))
    leader.time += 1
    _ = leader.step(.elapsed)
    #expect(leader.engine.transferTarget == 3)
    var responses: [Response] = []
    for _ in 0..<6 {
      #expect(leader.engine.transferTarget == 3 && responses.isEmpty)
      leader.time += 50
      responses += leader.step(.elapsed).responses
      for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    }
    #expect(responses == [.transferRefused(.outcomeUnknown)])
    #expect(leader.engine.transferTarget == 2)
  }

  @Test("While its disk hangs a node neither stands nor takes over; afterwards it may again")
  func doesNotStand() {
    var leader = self.stalledLeader(heard: [])
    leader.time += 1
    _ = leader.step(.elapsed)
    leader.time += 10_000
    #expect(leader.engine.deadline == .distantFuture)
    for input in [.elapsed, .electionRequested, .campaignRequested] as [Input] {
      #expect(leader.step(input) == [])
    }
    // Messages that need no disk are answered meanwhile.
    let question = VoteRequest(vote: LeaderID.led(2, by: 3).standing, lastLogID: Self.own.at(2))
    let answers = leader.step(
      .preVoteRequested(question, from: Sender(node: 3, cluster: .test), Ticket(80)))
    #expect(answers.responses.count == 1)
    _ = leader.flush()
    #expect(leader.engine.stalledSince == nil && leader.engine.deadline > leader.now)
    leader.time += 300
    _ = leader.step(.elapsed)
    #expect(leader.engine.serverState == .candidate)
  }

  @Test("A higher vote is adopted while the disk hangs; nothing rests on it before it is durable")
  func laterVote() {
    var leader = self.stalledLeader(heard: [])
    leader.time += 1
    _ = leader.step(.elapsed)
    let later = LeaderID.led(2, by: 3)
    #expect(leader.askVote(later, last: Self.own.at(2)).responses == [])
    #expect(leader.engine.vote == later.standing)
    #expect(leader.flush().responses.count == 1)
  }

  @Test("A disk that is slow but reports does not hang")
  func slow() {
    var leader = Fixture.leader(configuration: Self.configuration)
    for _ in 0..<10 {
      _ = leader.propose()
      _ = leader.propose()
      leader.time += Self.limit - 1
      _ = leader.step(.elapsed)
      for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
      _ = leader.flush(through: leader.engine.io.submitted - 1)
      #expect(leader.engine.stalledSince == nil && leader.engine.isLeader)
    }
  }

  @Test("Whom no other member could follow leads on, also if its disk hangs")
  func alone() {
    var leader = Fixture.leader(of: .voters(1, learners: [4]), configuration: Self.configuration)
    _ = leader.propose()
    leader.time += 100 * Self.limit
    _ = leader.step(.elapsed)
    #expect(leader.engine.isLeader && leader.engine.stalledSince != nil)
    #expect(leader.engine.deadline > leader.now)
  }

  @Test("Without a limit no disk hangs")
  func unlimited() {
    var leader = Fixture.leader()
    _ = leader.propose()
    leader.time += 1_000_000
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    _ = leader.step(.elapsed)
    #expect(leader.engine.isLeader && leader.engine.stalledSince == nil)
  }

  @Test("A leader without space asks each peer once, leads on, and asks again later")
  func shortLeader() {
    var leader = Fixture.leader()
    #expect(leader.step(.shortageChanged(isShort: true)) == [])
    func asked() -> [NodeID] {
      leader.step(.elapsed).compactMap { command in
        guard case .sendTransfer(let target, _) = command else { return nil }
        return target
      }
    }
    #expect(asked() == [2])
    #expect(
      leader.step(.transferAnswered(nil, from: 2, under: Self.own.chosen))
        == [Self.request(to: 3, last: 1)])
    #expect(leader.step(.transferAnswered(nil, from: 3, under: Self.own.chosen)) == [])
    #expect(leader.engine.isLeader && leader.engine.transferTarget == nil)
    leader.time += 2999
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    #expect(asked() == [])
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    leader.time += 1
    #expect(asked() == [] && asked() == [2])
    // Enough space: what is under way goes on, and nobody is asked any more.
    _ = leader.step(.shortageChanged(isShort: false))
    leader.time += 300
    _ = leader.step(.elapsed)
    #expect(leader.engine.isLeader && leader.engine.transferTarget == nil && asked() == [])
  }

  @Test("A node without space declines to take over, and stands only when the others have had time")
  func shortFollower() {
    let leader = LeaderID.led(1, by: 2)
    var follower = Fixture.follower()
    _ = follower.append([], after: LeaderID.led(0, by: 1).at(0), under: leader, promise: 1)
    _ = follower.flush()
    _ = follower.step(.shortageChanged(isShort: true))
    let request = TransferRequest(
      from: leader.chosen, to: 1, lastLogID: LeaderID.led(0, by: 1).at(0))
    #expect(follower.step(.transferRequested(request, Ticket(90))).responses == [.refused(.busy)])
    follower.time += 449
    #expect(follower.step(.elapsed) == [])
    follower.time += 151
    _ = follower.step(.elapsed)
    #expect(follower.engine.serverState == .candidate)
  }
}
