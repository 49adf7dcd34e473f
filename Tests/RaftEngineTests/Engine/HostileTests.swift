import RaftEngine
import Testing

/// What a peer can send, it may send: it is refused or stops the node, but never ends the process.
@Suite("Hostile messages")
struct HostileTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let leader = LeaderID.led(9, by: 2)
  private static let end = LogIndex(UInt64.max)

  private static let malformed = [Response.refused(.malformed)]

  @Test("Positions and rounds at the end of all numbers are refused")
  func endOfNumbers() {
    var follower = Fixture.follower()
    let last = LeaderID.led(UInt64.max, by: 2)
    #expect(
      follower.append([], after: Self.zero.at(Self.end), under: Self.leader).responses
        == Self.malformed)
    #expect(follower.append([], after: nil, under: last).responses == Self.malformed)
    #expect(follower.askVote(last, last: nil).responses == Self.malformed)
    let meta = SnapshotMeta(lastLogID: Self.zero.at(Self.end), membership: .none)
    #expect(self.offer(meta, to: &follower).responses == Self.malformed)
    follower.time += 5000
    #expect(follower.step(.elapsed).count == 1)
  }

  @Test("A later vote of an impossible round is passed over by a candidate and a leader")
  func impossibleVotes() {
    let last = LeaderID.led(UInt64.max, by: 2).standing
    var candidate = Fixture.candidate()
    let asked = candidate.engine.vote
    let answer = VoteResponse(vote: last, isGranted: false, lastLogID: nil)
    #expect(candidate.step(.voteAnswered(answer, from: 2, under: asked)) == [])
    var leader = Fixture.leader()
    _ = leader.propose()
    #expect(leader.step(.appendAnswered(.higherVote(last), leader.sent[2]!)) == [])
    #expect(leader.engine.isLeader)
  }

  @Test("Entries of a leadership before the purged one stop the node")
  func olderThanPurged() {
    let log = [Self.zero] + Array(repeating: LeaderID.led(5, by: 1), count: 4)
    var follower = Fixture.follower(log: log, committed: 4, purged: 4)
    let older = LeaderID.led(1, by: 1)
    #expect(
      follower.append([older.run(1...7)], after: Self.zero.at(0), under: Self.leader).last
        == .stop(.diverged(at: older.at(1))))
    #expect(follower.engine.log.last == log[4].at(4))
  }

  @Test("A message that undoes a membership which a later one proved committed stops the node")
  func undoesCommittedMembership() {
    var follower = Fixture.follower()
    let one = LeaderID.led(1, by: 2)
    let two = LeaderID.led(2, by: 3)
    let runs = [
      one.run(1...1, kind: .membership, membership: .voters(1, 2)),
      one.run(2...2, kind: .membership, membership: .voters(1)),
    ]
    _ = follower.append(runs, after: Self.zero.at(0), under: one)
    #expect(
      follower.append([two.run(1...1)], after: Self.zero.at(0), under: two).last
        == .stop(.diverged(at: two.at(1))))
    #expect(follower.engine.effective == .voters(1))
  }

  @Test("A snapshot that contradicts what is committed stops the node")
  func contradictingSnapshot() {
    let log = [Self.zero] + Array(repeating: LeaderID.led(5, by: 1), count: 4)
    var follower = Fixture.follower(log: log, committed: 4)
    let meta = SnapshotMeta(lastLogID: LeaderID.led(1, by: 1).at(20), membership: .none)
    #expect(
      self.offer(meta, to: &follower).last == .stop(.diverged(at: LeaderID.led(1, by: 1).at(20))))
    #expect(follower.engine.log.last == log[4].at(4))
  }

  @Test("A snapshot whose membership lies behind its end is refused")
  func snapshotMembership() {
    var follower = Fixture.follower()
    let meta = SnapshotMeta(
      lastLogID: Self.zero.at(5),
      membership: LoggedMembership(logID: Self.zero.at(6), membership: .voters(1)))
    #expect(self.offer(meta, to: &follower).responses == Self.malformed)
  }

  @Test("A leader cannot speak in another's name, nor under a vote that nobody chose")
  func falseNames() {
    var follower = Fixture.follower()
    let header = AppendHeader(
      vote: Self.leader.chosen, previous: nil, committed: nil, promise: 0, session: 1)
    let stranger = Sender(node: 3, cluster: .test)
    #expect(
      follower.step(.appendReceived(header, [], from: stranger, Ticket(1))).responses
        == Self.malformed)
    var standing = header
    standing.vote = Self.leader.standing
    let leader = Sender(node: 2, cluster: .test)
    #expect(
      follower.step(.appendReceived(standing, [], from: leader, Ticket(2))).responses
        == Self.malformed)
    let request = VoteRequest(vote: Self.leader.standing, lastLogID: nil)
    #expect(
      follower.step(.voteRequested(request, from: stranger, Ticket(3))).responses
        == Self.malformed)
  }

  private func offer(_ meta: SnapshotMeta, to node: inout Fixture) -> [Command] {
    let ticket = node.ticket()
    return node.step(
      .snapshotOffered(
        Self.leader.chosen, meta, from: Sender(node: 2, cluster: .test), ticket))
  }

  @Test("Random messages to random states break nothing", arguments: 0..<40)
  func fuzz(seed: Int) {
    var fuzz = HostilePeer(seed: UInt64(seed))
    for _ in 0..<40 { fuzz.attack(steps: 40) }
    #expect(fuzz.stops < fuzz.attacks)
  }
}
