import RaftEngine
import Testing

/// A joint membership on a voter that the others need, and later entries on a learner alone, both
/// from leaders that are gone: then nobody but the learner can win.
@Suite("A learner that voters cannot do without")
struct NeededLearnerTests {
  private static let first = LeaderID.led(0, by: 1)
  private static let later = LeaderID.led(2, by: 3)

  /// Learner 4, with an entry of round 2 that no voter has.
  private func learner(
    _ configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    Fixture.follower(
      4, of: .voters(1, 2, 3, learners: [4]), log: [Self.first, Self.later],
      configuration: configuration)
  }

  @Test("It stands when a candidate counts on it whose log is behind, and asks the voters")
  func stands() {
    var learner = self.learner()
    #expect(learner.engine.deadline == .distantFuture)
    let refused = learner.askVote(.led(3, by: 2), last: LeaderID.led(1, by: 1).at(1))
    #expect(refused.count == 1)
    #expect(learner.engine.deadline < .distantFuture)
    learner.time += 1000
    // Above the round that it refused.
    let vote = LeaderID.led(4, by: 4).standing
    #expect(learner.step(.elapsed) == [.saveVote(vote, learner.io(0, vote, Self.later.at(1)))])
    let request = VoteRequest(vote: vote, lastLogID: Self.later.at(1))
    #expect(
      learner.flush() == [1, 2, 3].map { Command.requestVote(to: $0, request) })
  }

  @Test("With pre-votes the question whether it would vote is enough, and it asks the same first")
  func asksFirst() {
    var learner = self.learner(EngineConfiguration())
    let request = VoteRequest(
      vote: LeaderID.led(3, by: 2).standing, lastLogID: LeaderID.led(1, by: 1).at(1))
    let ticket = learner.ticket()
    let before = learner.engine
    _ = learner.step(
      .preVoteRequested(request, from: Sender(node: 2, cluster: .test), ticket))
    #expect(learner.engine.vote == before.vote && learner.engine.log == before.log)
    learner.time += 1000
    let own = VoteRequest(vote: LeaderID.led(3, by: 4).standing, lastLogID: Self.later.at(1))
    #expect(learner.step(.elapsed) == [1, 2, 3].map { Command.requestPreVote(to: $0, own) })
  }

  @Test("It leads with a majority of the voters, never counts itself, and hands over")
  func leads() {
    var learner = self.learner()
    _ = learner.askVote(.led(3, by: 2), last: Self.first.at(0))
    learner.time += 1000
    _ = learner.step(.elapsed)
    _ = learner.flush()
    _ = learner.grant(1)
    #expect(!learner.engine.isLeader)
    _ = learner.grant(2)
    #expect(learner.engine.isLeader)
    _ = learner.flush()
    let own = LeaderID.led(4, by: 4)
    _ = learner.acknowledge(1, through: own.at(2))
    #expect(learner.engine.committed == Self.first.at(0))
    let commands = learner.acknowledge(2, through: own.at(2))
    #expect(learner.engine.committed == own.at(2))
    let takeOver = TransferRequest(from: own.chosen, to: 1, lastLogID: own.at(2))
    #expect(commands.contains(.sendTransfer(to: 1, takeOver)))
  }

  @Test("A log that is as good, a promise, or a vote that is not asked for need nobody")
  func notNeeded() {
    var learner = self.learner()
    _ = learner.askVote(.led(3, by: 2), last: Self.later.at(1))
    #expect(learner.engine.vote.leader == .led(3, by: 2))
    #expect(learner.engine.deadline == .distantFuture)

    var bound = self.learner()
    _ = bound.append([], after: nil, under: Self.later, promise: 100 * milliseconds)
    _ = bound.askVote(.led(3, by: 2), last: Self.first.at(0))
    #expect(bound.engine.deadline == .distantFuture)
    #expect(bound.step(.electionRequested) == [])
  }

  @Test("A leader with a quorum ends it; one without does not")
  func ends() {
    var learner = self.learner()
    _ = learner.askVote(.led(3, by: 2), last: Self.first.at(0))
    _ = learner.append([], after: nil, under: Self.later, promise: 0)
    #expect(learner.engine.deadline < .distantFuture)
    _ = learner.append([], after: nil, under: Self.later, promise: 100 * milliseconds)
    #expect(learner.engine.deadline == .distantFuture)
  }

  @Test("Only the data that the membership means may stand: another life could lead twice")
  func lives() {
    let members = Membership.voters(1, 2, 3, learners: [4]).naming(1, 2, 3, 4)
    for (life, stands) in [(Incarnation.usual(of: 4), true), (Incarnation(99), false)] {
      var learner = Fixture.living(4, of: members, life: life)
      _ = learner.askVote(.led(3, by: 2), last: nil)
      #expect((learner.engine.deadline < .distantFuture) == stands)
    }
    // A voter that lost its data is no learner.
    var replaced = Fixture.living(3, of: members, life: Incarnation(99))
    _ = replaced.askVote(.led(3, by: 2), last: nil)
    #expect(replaced.engine.deadline == .distantFuture)
  }
}
