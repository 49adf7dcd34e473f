import RaftEngine
import Testing

@Suite("Pre-votes")
struct PreVoteTests {
  private static let last = LeaderID.led(0, by: 1).at(0)

  private static func follower(
    of membership: Membership = .voters(1, 2, 3), vote: Vote? = nil
  ) -> Fixture {
    .follower(of: membership, vote: vote, configuration: .init())
  }

  private static func asked(_ term: UInt64, by node: UInt64 = 1) -> VoteRequest {
    VoteRequest(vote: LeaderID.led(term, by: node).standing, lastLogID: Self.last)
  }

  private static func answer(
    _ vote: Vote, _ isGranted: Bool, last: LogID? = Self.last
  ) -> VoteResponse {
    VoteResponse(vote: vote, isGranted: isGranted, lastLogID: last)
  }

  @Test("A voter that hears nothing asks first: no vote is stored, no round begins (S20)")
  func asksFirst() {
    var voter = Self.follower()
    let before = voter.engine.vote
    #expect(
      voter.step(.elapsed) == [
        .requestPreVote(to: 2, Self.asked(1)), .requestPreVote(to: 3, Self.asked(1)),
      ])
    #expect(voter.engine.vote == before)
    #expect(voter.engine.serverState == .follower)
  }

  @Test("Promised by a majority, it stands")
  func stands() {
    var voter = Self.follower()
    _ = voter.step(.elapsed)
    let vote = LeaderID.led(1, by: 1).standing
    let io = voter.io(1, vote, Self.last)
    let granted = Self.answer(.initial, true)
    #expect(
      voter.step(.preVoteAnswered(granted, from: 2, under: vote)) == [.saveVote(vote, io)])
    #expect(voter.engine.serverState == .candidate)
    #expect(voter.step(.preVoteAnswered(granted, from: 3, under: vote)) == [])
  }

  @Test("Consent to an earlier question, of a learner, or given twice does not count")
  func countsOnce() {
    var voter = Self.follower(of: .voters(1, 2, 3, 4, 5, learners: [6]))
    _ = voter.step(.elapsed)
    let vote = LeaderID.led(1, by: 1).standing
    let granted = Self.answer(.initial, true)
    #expect(
      voter.step(.preVoteAnswered(granted, from: 2, under: LeaderID.led(7, by: 1).standing)) == [])
    for peer in [2, 2, 6] as [NodeID] {
      #expect(voter.step(.preVoteAnswered(granted, from: peer, under: vote)) == [])
    }
    #expect(voter.engine.serverState == .follower)
    _ = voter.step(.preVoteAnswered(granted, from: 3, under: vote))
    #expect(voter.engine.serverState == .candidate)
  }

  @Test("The only voter asks nobody")
  func onlyVoter() {
    var only = Self.follower(of: .voters(1))
    let vote = LeaderID.led(1, by: 1).standing
    let io = only.io(1, vote, Self.last)
    #expect(only.step(.elapsed) == [.saveVote(vote, io)])
  }

  @Test("Who is asked answers as it would vote, at once, and changes nothing (S21)")
  func changesNothing() {
    var voter = Self.follower(vote: LeaderID.led(3, by: 2).standing)
    let sender = Sender(node: 3, cluster: .test)
    let before = voter.engine
    for (term, last, isGranted) in [
      (4, Self.last, true), (2, Self.last, false), (4, nil, false),
    ] as [(UInt64, LogID?, Bool)] {
      let request = VoteRequest(vote: LeaderID.led(term, by: 3).standing, lastLogID: last)
      let ticket = voter.ticket()
      #expect(
        voter.step(.preVoteRequested(request, from: sender, ticket)) == [
          .respond(ticket, .vote(Self.answer(before.vote, isGranted)))
        ])
    }
    #expect(voter.engine.vote == before.vote && voter.engine.log == before.log)
    #expect(voter.engine.deadline == before.deadline)
  }

  @Test("While a leader holds the promise, nobody else gets consent (S22)")
  func promised() {
    var voter = Self.follower(vote: LeaderID.led(1, by: 2).chosen)
    _ = voter.append(
      [], after: nil, under: .led(1, by: 2), promise: 150 * milliseconds)
    let sender = Sender(node: 3, cluster: .test)
    for (wait, isGranted) in [(149, false), (1, true)] as [(Int64, Bool)] {
      voter.time += wait
      let responses = voter.step(.preVoteRequested(Self.asked(9, by: 3), from: sender, Ticket(9)))
        .responses
      #expect(responses == [.vote(Self.answer(LeaderID.led(1, by: 2).chosen, isGranted))])
    }
  }

  @Test("A leader with a quorum behind it consents to nobody; one without does")
  func leader() {
    var leader = Fixture.leader()
    let sender = Sender(node: 3, cluster: .test)
    let request = VoteRequest(
      vote: LeaderID.led(9, by: 3).standing, lastLogID: leader.engine.log.last)
    for (wait, isGranted) in [(0, false), (300, true)] as [(Int64, Bool)] {
      leader.time += wait
      let responses = leader.step(.preVoteRequested(request, from: sender, Ticket(9))).responses
      guard case .vote(let answer)? = responses.first else {
        Issue.record("no answer: \(responses)")
        continue
      }
      #expect(answer.isGranted == isGranted)
      #expect(leader.engine.isLeader)
    }
  }

  @Test("A refusal behind a later vote is adopted, so that the next question is above it (#1796)")
  func adoptsLaterVote() {
    var voter = Self.follower()
    _ = voter.step(.elapsed)
    let asked = LeaderID.led(1, by: 1).standing
    let later = LeaderID.led(7, by: 3).chosen
    let io = voter.io(1, later.uncommitted, Self.last)
    #expect(
      voter.step(.preVoteAnswered(Self.answer(later, false), from: 3, under: asked)) == [
        .saveVote(later.uncommitted, io)
      ])
    voter.time += 300
    #expect(
      voter.step(.elapsed) == [
        .requestPreVote(to: 2, Self.asked(8)), .requestPreVote(to: 3, Self.asked(8)),
      ])
  }

  @Test("Whoever has the longer log goes first: the refused one waits one timeout longer")
  func waitsForLongerLog() {
    var voter = Self.follower()
    _ = voter.step(.elapsed)
    let due = voter.engine.deadline
    let refusal = Self.answer(.initial, false, last: LeaderID.led(0, by: 1).at(1))
    let asked = LeaderID.led(1, by: 1).standing
    _ = voter.step(.preVoteAnswered(refusal, from: 3, under: asked))
    #expect(voter.engine.deadline == due.advanced(byNanoseconds: 300 * milliseconds))
    _ = voter.step(.preVoteAnswered(refusal, from: 2, under: asked))
    #expect(voter.engine.deadline == due.advanced(byNanoseconds: 300 * milliseconds))
  }

  @Test("A leader that is heard ends the question; a probe does not")
  func leaderEndsQuestion() {
    let vote = LeaderID.led(1, by: 1).standing
    for (promise, isCandidate) in [(0, true), (1, false)] as [(Int64, Bool)] {
      var voter = Self.follower(vote: LeaderID.led(0, by: 2).chosen)
      _ = voter.step(.elapsed)
      _ = voter.append([], after: nil, under: .led(0, by: 2), promise: promise)
      voter.time += 1
      _ = voter.step(.preVoteAnswered(Self.answer(.initial, true), from: 3, under: vote))
      #expect((voter.engine.serverState == .candidate) == isCandidate)
    }
  }

  @Test("Unlike vote requests, refused questions do not raise the round of the next election")
  func raisesNothing() {
    var voter = Self.follower()
    let request = VoteRequest(vote: LeaderID.led(90, by: 3).standing, lastLogID: nil)
    _ = voter.step(.preVoteRequested(request, from: Sender(node: 3, cluster: .test), Ticket(1)))
    #expect(voter.step(.elapsed).first == .requestPreVote(to: 2, Self.asked(1)))
  }

  @Test(
    "A reluctant voter waits one largest timeout longer, one that never stands waits to be asked",
    arguments: ElectionPriority.allCases)
  func priority(_ priority: ElectionPriority) {
    var configuration = EngineConfiguration()
    configuration.electionPriority = priority
    var voter = Fixture.follower(configuration: configuration)
    _ = voter.append([], after: nil, under: .led(1, by: 2), promise: 1)
    let wait = voter.now.nanoseconds(to: voter.engine.deadline) / milliseconds
    switch priority {
    case .usual: #expect((150..<300).contains(wait))
    case .reluctant: #expect((450..<600).contains(wait))
    case .never:
      #expect(voter.engine.deadline == .distantFuture)
      voter.time += 10_000
      #expect(voter.step(.elapsed) == [])
      #expect(voter.step(.electionRequested).count == 2)
    }
  }
}
