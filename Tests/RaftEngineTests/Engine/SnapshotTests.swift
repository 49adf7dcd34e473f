import RaftEngine
import Testing

@Suite("Snapshots")
struct SnapshotTests {
  private static let zero = LeaderID.led(0, by: 1)
  private static let one = LeaderID.led(1, by: 2)
  private static let leader = LeaderID.led(3, by: 2)
  private static let members = Membership.voters(1, 2, 3)

  private static func meta(_ last: LogID, _ membership: Membership = members) -> SnapshotMeta {
    SnapshotMeta(
      lastLogID: last, membership: LoggedMembership(logID: zero.at(0), membership: membership))
  }

  private func offer(
    _ meta: SnapshotMeta, to node: inout Fixture, under leader: LeaderID = Self.leader
  ) -> [Command] {
    let ticket = node.ticket()
    return node.step(
      .snapshotOffered(
        leader.chosen, meta, from: Sender(node: leader.node, cluster: .test), ticket))
  }

  private static func building(after count: Int, kept: Int) -> EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.snapshotAfter = count
    configuration.entriesKept = kept
    configuration.entriesKeptForPeers = 0
    return configuration
  }

  // MARK: Building

  @Test("A snapshot is built when enough entries were applied, one at a time")
  func builds() {
    var leader = Fixture.leader(configuration: Self.building(after: 3, kept: 0))
    #expect(leader.propose(2).count == 3)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    let last = leader.engine.committed!
    #expect(leader.step(.applied(through: last)) == [.buildSnapshot])
    #expect(leader.step(.snapshotRequested) == [])
    #expect(leader.step(.snapshotBuilt(Self.meta(last))) == [.purge(through: last)])
    #expect(leader.engine.log.purged == last && leader.engine.snapshot == last)
    #expect(leader.step(.snapshotRequested) == [])
  }

  @Test("A failed attempt waits for as many entries again; a request does not")
  func buildFails() {
    var leader = Fixture.leader(configuration: Self.building(after: 2, kept: 0))
    // The fixture's first entry was the second one applied.
    #expect(leader.step(.snapshotBuildFailed) == [])
    #expect(leader.step(.snapshotRequested) == [.buildSnapshot])
  }

  @Test("Some entries behind a snapshot stay in the log")
  func keepsEntries() {
    let log = [Self.zero] + Array(repeating: Self.one, count: 9)
    var follower = Fixture.follower(
      log: log, committed: 9, configuration: Self.building(after: 100, kept: 4))
    #expect(
      follower.step(.snapshotBuilt(Self.meta(Self.one.at(8)))) == [.purge(through: Self.one.at(4))])
  }

  @Test("A snapshot older than the one at hand changes nothing")
  func olderBuilt() {
    let log = [Self.zero] + Array(repeating: Self.one, count: 9)
    var follower = Fixture.follower(log: log, committed: 9, purged: 6)
    #expect(follower.step(.snapshotBuilt(Self.meta(Self.one.at(5)))) == [])
    #expect(follower.engine.snapshot == Self.one.at(6))
  }

  // MARK: Receiving

  @Test("A snapshot beyond the log replaces it (S61, S65)")
  func replacesLog() {
    var follower = Fixture.follower(log: [Self.zero, Self.one, Self.one])
    let meta = Self.meta(Self.one.at(9), .joint([[1, 2, 3], [1, 2]], learners: [5]))
    let io = follower.io(1, Self.leader.chosen, Self.one.at(2))
    #expect(
      self.offer(meta, to: &follower) == [
        .saveVote(Self.leader.chosen, io), .receiveSnapshot(meta, Ticket(1)),
      ])
    _ = follower.flush()
    #expect(
      follower.step(.snapshotReceived(meta, Ticket(1))) == [
        .truncate(after: nil), .purge(through: Self.one.at(9)), .noteCommitted(Self.one.at(9)),
        .installSnapshot(meta),
      ])
    #expect(
      follower.step(.snapshotInstalled(through: Self.one.at(9))) == [
        .respond(Ticket(1), .snapshot(Self.leader.chosen))
      ])
    #expect(follower.engine.log == LogIDList(purged: Self.one.at(9)))
    #expect(follower.engine.effective == meta.membership.membership)
    #expect(follower.engine.applied == Self.one.at(9))
  }

  @Test("A snapshot whose last entry the log holds keeps what follows it (S60)")
  func keepsLog() {
    let log = [Self.zero] + Array(repeating: Self.one, count: 9)
    var follower = Fixture.follower(log: log)
    let meta = Self.meta(Self.one.at(5))
    _ = self.offer(meta, to: &follower)
    #expect(
      follower.step(.snapshotReceived(meta, Ticket(1))) == [
        .purge(through: Self.one.at(5)), .noteCommitted(Self.one.at(5)), .installSnapshot(meta),
      ])
    #expect(follower.engine.log.last == Self.one.at(9))
  }

  @Test("What is committed already is confirmed without a transfer (S59)")
  func committedAlready() {
    var follower = Fixture.follower(log: [Self.zero, Self.one, Self.one], committed: 2)
    _ = self.offer(Self.meta(Self.one.at(2)), to: &follower)
    #expect(follower.flush() == [.respond(Ticket(1), .snapshot(Self.leader.chosen))])
  }

  @Test("A snapshot that was overtaken while it came is confirmed once all of it is durable")
  func overtaken() {
    var follower = Fixture.follower(log: [Self.zero])
    let meta = Self.meta(Self.leader.at(2))
    _ = self.offer(meta, to: &follower)
    _ = follower.flush()
    _ = follower.append(
      [Self.leader.run(1...4)], after: Self.zero.at(0), under: Self.leader,
      committed: Self.leader.at(4))
    #expect(follower.engine.committed == Self.leader.at(4))
    #expect(follower.step(.snapshotReceived(meta, Ticket(1))) == [])
    #expect(follower.flush().responses.contains(.snapshot(Self.leader.chosen)))
  }

  @Test("A snapshot of a lower round is refused with the own vote")
  func lowerRound() {
    var follower = Fixture.follower(vote: LeaderID.led(9, by: 3).chosen)
    #expect(
      self.offer(Self.meta(Self.one.at(9)), to: &follower) == [
        .respond(Ticket(1), .snapshot(LeaderID.led(9, by: 3).chosen))
      ])
  }

  @Test("One snapshot is received at a time; after a break the next may come")
  func oneAtATime() {
    var follower = Fixture.follower()
    let meta = Self.meta(Self.one.at(9))
    _ = self.offer(meta, to: &follower)
    #expect(self.offer(meta, to: &follower) == [.respond(Ticket(2), .refused(.busy))])
    #expect(follower.step(.snapshotReceptionFailed(Ticket(2))) == [])
    #expect(self.offer(meta, to: &follower) == [.respond(Ticket(3), .refused(.busy))])
    _ = follower.step(.snapshotReceptionFailed(Ticket(1)))
    #expect(self.offer(meta, to: &follower) == [.receiveSnapshot(meta, Ticket(4))])
  }

  @Test("While a snapshot is half taken over the node does not stand for election")
  func doesNotStandMeanwhile() {
    var follower = Fixture.follower()
    let meta = Self.meta(Self.one.at(9))
    _ = self.offer(meta, to: &follower)
    _ = follower.step(.snapshotReceived(meta, Ticket(1)))
    follower.time += 5000
    #expect(follower.step(.elapsed) == [] && follower.step(.electionRequested) == [])
    #expect(follower.engine.deadline == .distantFuture)
    _ = follower.step(.snapshotInstalled(through: Self.one.at(9)))
    #expect(follower.step(.elapsed).count == 1)
  }

  @Test("Entries that follow a snapshot are applied after it")
  func appliesBehind() {
    var follower = Fixture.follower()
    let meta = Self.meta(Self.one.at(9))
    _ = self.offer(meta, to: &follower)
    _ = follower.step(.snapshotReceived(meta, Ticket(1)))
    _ = follower.append(
      [Self.leader.run(10...11)], after: Self.one.at(9), under: Self.leader,
      committed: Self.leader.at(11))
    #expect(follower.flush().contains(.apply(through: Self.leader.at(11))))
  }

  // MARK: Sending

  /// A leader of 2, 3 whose log begins behind entry 4, and whose peer 2 has nothing.
  private func sending() -> Fixture {
    let log = [Self.zero] + Array(repeating: LeaderID.led(1, by: 1), count: 7)
    var leader = Fixture.elected(log: log, committed: 6, purged: 4)
    _ = leader.flush()
    _ = leader.acknowledge(3)
    let nothing = AppendOutcome.conflict(rejected: log[7].at(7), hint: nil)
    let commands = leader.step(.appendAnswered(nothing, leader.sentAppends[2]!))
    let sent = leader.sent[2]!
    #expect(
      commands == [
        .sendSnapshot(
          to: 2, leader.engine.vote, session: sent.session, message: sent.message)
      ])
    return leader
  }

  @Test("A peer that needs a purged entry gets a snapshot, and no appends meanwhile (S58, S62)")
  func sends() {
    var leader = self.sending()
    #expect(leader.propose().appends == ["3: after T2-N1.8 through 9"])
  }

  @Test("After the snapshot the appends go on behind it (S58, S62)")
  func goesOnBehind() {
    var leader = self.sending()
    let vote = leader.engine.vote
    let last = LeaderID.led(1, by: 1).at(4)
    #expect(
      leader.step(.snapshotAnswered(vote, through: last, leader.sent[2]!)).appends == [
        "2: after T1-N1.4 through 8"
      ])
  }

  @Test("A snapshot at the leader's last entry makes the peer current at once (S63)")
  func currentAtOnce() {
    var leader = self.sending()
    let vote = leader.engine.vote
    let last = leader.engine.log.last!
    let commands = leader.step(.snapshotAnswered(vote, through: last, leader.sent[2]!))
    #expect(commands.appends == [])
    #expect(leader.propose().appends.first == "2: after T2-N1.8 through 9")
  }

  @Test("A snapshot that broke off is sent again after a pause (S62)")
  func sendsAgain() {
    var leader = self.sending()
    #expect(leader.step(.peerFailed(.unreachable, leader.sent[2]!)) == [])
    leader.time += 60
    let commands = leader.step(.elapsed)
    #expect(
      commands.contains {
        if case .sendSnapshot(to: 2, _, _, _) = $0 { return true }
        return false
      })
  }

  @Test("Success of an earlier snapshot counts while a later one is under way (S64)")
  func earlierSuccess() {
    var leader = self.sending()
    let first = leader.sent[2]!
    _ = leader.step(.peerFailed(.unreachable, first))
    leader.time += 60
    _ = leader.step(.elapsed)
    let vote = leader.engine.vote
    let last = LeaderID.led(1, by: 1).at(4)
    #expect(
      leader.step(.snapshotAnswered(vote, through: last, first)).appends == [
        "2: after T1-N1.4 through 8"
      ])
  }

  @Test("A refused snapshot with a later vote ends the leadership")
  func refused() {
    var leader = self.sending()
    let later = LeaderID.led(9, by: 2)
    let last = LeaderID.led(1, by: 1).at(4)
    _ = leader.step(.snapshotAnswered(later.chosen, through: last, leader.sent[2]!))
    #expect(leader.engine.vote == later.standing)
  }

  @Test("A peer that falls behind a purge in full flow gets a snapshot, once (S68)")
  func purgedInFlow() {
    var configuration = Self.building(after: 1000, kept: 0)
    configuration.appendWindow = 2
    configuration.appendEntriesMax = 1
    var leader = Fixture.leader(configuration: configuration)
    _ = leader.propose(4)
    _ = leader.flush()
    // Node 3 keeps up; node 2 answers nothing.
    while leader.engine.committed != leader.engine.log.last {
      let through = leader.engine.log.logID(
        at: leader.engine.committed!.index.next)
      _ = leader.acknowledge(3, through: through)
    }
    let last = leader.engine.committed!
    _ = leader.step(.applied(through: last))
    _ = leader.step(.snapshotRequested)
    _ = leader.step(.snapshotBuilt(Self.meta(last)))
    var snapshots = 0
    let unanswered = leader.sentAppends[2]!
    let first = Sent(
      peer: 2, session: unanswered.session, message: unanswered.message - 1, at: unanswered.at)
    var commands = leader.step(
      .appendAnswered(.matched(through: LeaderID.led(1, by: 1).at(2)), first))
    for _ in 0..<40 {
      snapshots += commands.count {
        if case .sendSnapshot(to: 2, _, _, _) = $0 { return true }
        return false
      }
      leader.time += 50
      commands = leader.step(.elapsed)
      _ = leader.acknowledge(3)
    }
    #expect(snapshots == 1)
  }
}
