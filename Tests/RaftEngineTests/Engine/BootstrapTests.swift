import RaftEngine
import Testing

@Suite("Founding a cluster")
struct BootstrapTests {
  private static let membership = Membership.voters(1, 2, 3)
  /// The founder states the promise that it is configured with.
  private static let founded = membership.with(
    .init(cluster: .test, largestPromise: 150 * milliseconds))
  private static let first = LeaderID.led(0, by: 1)

  private func found(_ node: inout Fixture, _ membership: Membership) -> [Command] {
    let ticket = node.ticket()
    return node.step(.bootstrapRequested(membership, timestamp: .epoch, ticket))
  }

  @Test("The membership becomes entry 0, written in round 0, and the founder stands in round 1")
  func founds() {
    var node = Fixture.fresh()
    let zero = Self.first.at(0)
    let candidate = LeaderID.led(1, by: 1).standing
    #expect(
      self.found(&node, Self.membership) == [
        .adoptCluster(.test, IOID(sequence: 1, vote: .initial, logID: nil)),
        .saveVote(Self.first.chosen, IOID(sequence: 2, vote: Self.first.chosen, logID: nil)),
        .appendProposed(
          Self.first.run(0...0, kind: .membership, membership: Self.founded),
          IOID(sequence: 3, vote: Self.first.chosen, logID: zero)),
        .saveVote(candidate, IOID(sequence: 4, vote: candidate, logID: zero)),
      ])
    let request = VoteRequest(vote: candidate, lastLogID: zero)
    #expect(node.flush(through: 2) == [])
    #expect(node.flush(through: 3) == [.respond(Ticket(1), .bootstrapped)])
    #expect(
      node.flush(through: 4) == [.requestVote(to: 2, request), .requestVote(to: 3, request)])
  }

  @Test("A node with a history founds nothing")
  func refusesWithHistory() {
    var follower = Fixture.follower(vote: LeaderID.led(3, by: 2).chosen)
    let refusal = BootstrapRefusal.notAllowed(
      last: Self.first.at(0), vote: LeaderID.led(3, by: 2).chosen)
    #expect(
      self.found(&follower, Self.membership) == [
        .respond(Ticket(1), .bootstrapRefused(refusal))
      ])
    var voter = Fixture.fresh()
    _ = voter.askVote(.led(1, by: 2), last: nil)
    #expect(
      self.found(&voter, Self.membership).responses == [
        .bootstrapRefused(.notAllowed(last: nil, vote: LeaderID.led(1, by: 2).standing))
      ])
  }

  @Test("A node founds no cluster in which it has no vote")
  func refusesWithoutVote() {
    var node = Fixture.fresh(4)
    #expect(self.found(&node, Self.membership).responses == [.bootstrapRefused(.notVoter)])
    #expect(
      self.found(&node, .voters(1, learners: [4])).responses == [.bootstrapRefused(.notVoter)])
    #expect(node.engine.vote == .initial)
  }

  @Test("A founder that lost power between its first two writes may found again")
  func foundsAgain() {
    var recovered = Engine.Recovered()
    recovered.cluster = .test
    recovered.vote = Self.first.chosen
    var node = Fixture(1, recovered)
    #expect(self.found(&node, Self.membership).count == 3)
    #expect(node.flush().responses == [.bootstrapped])
    #expect(node.engine.effective == Self.founded)
  }

  @Test("A store that is bound to a cluster already keeps that cluster")
  func keepsCluster() {
    var recovered = Engine.Recovered()
    recovered.cluster = .test
    var node = Fixture(1, recovered)
    let nameless = Self.membership.with(.init())
    _ = self.found(&node, nameless)
    #expect(node.engine.effective?.terms.cluster == .test)
    var other = Fixture(1, recovered)
    let stranger = Self.membership.with(.init(cluster: ClusterID(high: 8, low: 9)))
    #expect(
      self.found(&other, stranger).responses == [
        .bootstrapRefused(.notAllowed(last: nil, vote: .initial))
      ])
  }
}
