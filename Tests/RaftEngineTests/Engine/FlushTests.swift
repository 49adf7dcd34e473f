import RaftEngine
import Testing

/// One test for each line of the table: what leaves a node waits until that is durable on it.
@Suite("What waits for the disk")
struct FlushTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let one = LeaderID.led(1, by: 2)

  @Test("A vote request waits for the candidate's own vote")
  func voteRequest() {
    var voter = Fixture.follower()
    let commands = voter.step(.electionRequested)
    #expect(commands.count == 1)
    #expect(voter.flush().count == 2)
  }

  @Test("A vote request whose vote was overtaken before it was durable never leaves")
  func overtakenVoteRequest() {
    var voter = Fixture.follower()
    _ = voter.step(.electionRequested)
    _ = voter.append([], after: nil, under: .led(2, by: 2))
    #expect(voter.flush(through: 1) == [])
  }

  @Test("The candidate's own vote counts only once it is durable")
  func ownVote() {
    var voter = Fixture.follower(of: .voters(1, 2))
    _ = voter.step(.electionRequested)
    #expect(voter.grant(2) == [] && voter.engine.serverState == .candidate)
    _ = voter.flush()
    #expect(voter.engine.serverState == .leader)
  }

  @Test("A grant waits for that vote")
  func grant() {
    var voter = Fixture.follower()
    let last = Self.zero.at(0)
    #expect(voter.askVote(.led(4, by: 2), last: last).responses == [])
    let grant = VoteResponse(
      vote: LeaderID.led(4, by: 2).standing, isGranted: true, lastLogID: last)
    #expect(voter.flush().responses == [.vote(grant)])
  }

  @Test("A confirmed append waits for its entries, and for the vote that it came under")
  func append() {
    var follower = Fixture.follower()
    let commands = follower.append([Self.one.run(1...1)], after: Self.zero.at(0), under: Self.one)
    #expect(commands.responses == [])
    #expect(follower.flush(through: 1, logID: Self.zero.at(0)).responses == [])
    #expect(follower.flush(through: 2).responses == [.append(.matched(through: Self.one.at(1)))])
  }

  @Test("A confirmation that waits when a later vote comes tells of that vote")
  func overtakenAppend() {
    var follower = Fixture.follower()
    _ = follower.append([Self.one.run(1...1)], after: Self.zero.at(0), under: Self.one)
    _ = follower.askVote(.led(2, by: 3), last: Self.one.at(1))
    #expect(
      follower.flush(through: 2).responses == [
        .append(.higherVote(LeaderID.led(2, by: 3).standing))
      ])
  }

  @Test("A leader's own entries count once they are durable (S36)")
  func ownCount() {
    var leader = Fixture.elected()
    #expect(leader.acknowledge(2) == [])
    let first = leader.engine.log.last!
    #expect(leader.flush().prefix(2) == [.noteCommitted(first), .apply(through: first)])
  }

  @Test("An append leaves at once, and a quorum of others commits without the leader's disk")
  func othersCommit() {
    var leader = Fixture.elected()
    let first = leader.engine.log.last!
    #expect(leader.acknowledge(2) == [])
    #expect(leader.acknowledge(3).prefix(2) == [.noteCommitted(first), .apply(through: first)])
    #expect(leader.propose().appends.count == 2)
  }

  @Test("An installed snapshot is confirmed when it is taken over and all writes are durable")
  func snapshot() {
    var follower = Fixture.follower()
    let ticket = follower.ticket()
    let leader = LeaderID.led(3, by: 2)
    let meta = SnapshotMeta(
      lastLogID: Self.one.at(9),
      membership: LoggedMembership(logID: Self.zero.at(0), membership: .voters(1, 2, 3)))
    let sender = Sender(node: 2, cluster: .test)
    #expect(
      follower.step(.snapshotOffered(leader.chosen, meta, from: sender, ticket)).responses == [])
    #expect(follower.step(.snapshotReceived(meta, ticket)).responses == [])
    #expect(follower.step(.snapshotInstalled(through: meta.lastLogID)).responses == [])
    #expect(follower.flush().responses == [.snapshot(leader.chosen)])
  }

  @Test("A heartbeat waits for nothing")
  func heartbeat() {
    var leader = Fixture.elected()
    leader.time += 60
    #expect(leader.step(.elapsed).count == 2)
  }

  @Test("A leader's refused append promises to wait as well: it waits for the vote it came under")
  func refusalWaitsForVote() {
    var follower = Fixture.follower()
    let leader = LeaderID.led(5, by: 2)
    let commands = follower.append(
      [], after: leader.at(9), under: leader, promise: 100 * milliseconds)
    #expect(commands == [.saveVote(leader.chosen, follower.io(0, leader.chosen, Self.zero.at(0)))])
    #expect(
      follower.flush() == [
        .respond(Ticket(1), .append(.conflict(rejected: leader.at(9), hint: Self.zero.at(0))))
      ])
  }

  @Test("A heartbeat about what is durable does not wait for entries behind it, but for the vote")
  func heartbeatPassesEntries() {
    var follower = Fixture.follower()
    let leader = LeaderID.led(5, by: 2)
    #expect(follower.append([], after: Self.zero.at(0), under: leader).responses == [])
    let vote = follower.engine.io.submitted
    #expect(
      follower.append([leader.run(1...3)], after: Self.zero.at(0), under: leader).responses == [])
    // The vote's write ends: the first heartbeat's answer leaves, the entries' does not.
    #expect(
      follower.flush(through: vote, logID: Self.zero.at(0)).responses == [
        .append(.matched(through: Self.zero.at(0)))
      ])
    // A later heartbeat about what is durable is answered at once, before the entries are.
    #expect(
      follower.append([], after: Self.zero.at(0), under: leader).responses == [
        .append(.matched(through: Self.zero.at(0)))
      ])
    #expect(follower.append([], after: leader.at(2), under: leader).responses == [])
    #expect(
      follower.flush().responses == [
        .append(.matched(through: leader.at(3))), .append(.matched(through: leader.at(2))),
      ])
  }

  @Test("A write that is reported twice, late or from nowhere counts once, or not at all")
  func strangeReports() {
    var leader = Fixture.elected()
    _ = leader.acknowledge(2)
    let io = leader.engine.io.submitted
    #expect(leader.flush(through: io + 5) == [])
    #expect(leader.flush(through: io).count == 3)
    #expect(leader.flush(through: io) == [] && leader.flush(through: io - 1) == [])
  }
}
