import RaftEngine
import Testing

/// Witnesses where other parts of the protocol meet them.
@Suite("Witnesses and lives, lost data, promotion, transfers and leases")
struct WitnessMeetingTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let members = Membership.withWitness(3, voters: [1, 2, 3])

  private static func configuration(
    _ change: (inout EngineConfiguration) -> Void
  ) -> EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    change(&configuration)
    return configuration
  }

  private static func witness(_ id: NodeID, isMarked: Bool = false) -> Member {
    Member(id: id, address: "node-\(id)", role: .witness, isPromotedWhenCaughtUp: isMarked)
  }

  private func confirmations(_ leader: inout Fixture, _ peers: [NodeID]) {
    _ = leader.flush()
    for peer in peers { _ = leader.acknowledge(peer) }
  }

  // MARK: Lost data

  /// A heartbeat reaches the witness, which has nothing any more.
  private func forget(_ leader: inout Fixture, as life: Incarnation? = nil) -> [Command] {
    leader.time += 50
    _ = leader.step(.elapsed)
    let refusal = AppendOutcome.conflict(rejected: leader.engine.committed, hint: nil)
    return leader.step(.appendAnswered(refusal, leader.sent[3]!, by: life))
  }

  @Test("A witness that lost data and may start over is a witness still")
  func startsOver() {
    var leader = Fixture.leader(
      of: Self.members, configuration: Self.configuration { $0.logReversion = .allowed })
    #expect(self.forget(&leader).appends == ["3: after T0-N1.0 through 1"])
    _ = leader.acknowledge(3)
    #expect(leader.engine.role(of: 3) == .witness)
    #expect(leader.propose().appends == ["2: after T1-N1.1 through 2"])
    #expect(leader.flush().appends == ["3: after T1-N1.1 through 2"])
  }

  @Test("Whoever may start over is still known by its life")
  func startsOverInItsLife() {
    let membership = Self.members.naming(1, 2, 3)
    var leader = Fixture.livingLeader(of: membership)
    _ = self.forget(&leader, as: .usual(of: 3))
    _ = leader.step(.reversionAllowed(3, leader.ticket()))
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(3, as: Incarnation(99))
    #expect(leader.engine.committed == Self.own.at(1) && leader.replaced == [3])
    _ = leader.acknowledge(3, as: .usual(of: 3))
    #expect(leader.engine.committed == Self.own.at(2))
  }

  @Test("What is sent again to a witness goes no further than the leader's disk")
  func sentAgain() {
    var leader = Fixture.leader(of: Self.members)
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.propose()
    _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[3]!))
    leader.time += 50
    #expect(leader.step(.elapsed).appends.contains("3: after T1-N1.1 through 2"))
    #expect(leader.flush().appends == [])
    let answer = AppendOutcome.matched(through: Self.own.at(2))
    #expect(
      leader.step(.appendAnswered(answer, leader.sentAppends[3]!)).appends == [
        "3: after T1-N1.2 through 3"
      ])
  }

  // MARK: Lives and roles

  @Test("A witness with a new disk neither elects nor confirms under its old number")
  func otherLife() {
    let membership = Self.members.naming(1, 2, 3)
    var candidate = Fixture.living(of: membership)
    _ = candidate.step(.electionRequested)
    _ = candidate.flush()
    _ = candidate.grant(3, as: Incarnation(99))
    #expect(!candidate.engine.isLeader)
    _ = candidate.grant(3, as: .usual(of: 3))
    #expect(candidate.engine.isLeader)
    var leader = Fixture.livingLeader(of: membership)
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(3, as: Incarnation(99))
    #expect(leader.engine.committed == Self.own.at(1))
  }

  @Test("A member that comes back under another role is sent what belongs to that one")
  func otherRole() {
    var leader = Fixture.leader(of: .withWitness(3, voters: [1, 2], learners: [3]))
    _ = leader.change(.removeMembers([3]))
    self.confirmations(&leader, [2])
    #expect(leader.engine.effective?.member(3) == nil && leader.engine.role(of: 3) == .witness)
    let appends = leader.change(.addLearners([Member(id: 3, address: "node-3")])).appends
    #expect(leader.engine.role(of: 3) == .replica)
    #expect(appends.contains("3: after T1-N1.2 through 3"))
    #expect(leader.engine.role(of: 9) == nil)
  }

  @Test("A replica comes back as a witness, and waits for the leader's disk from then on")
  func becomesWitness() {
    var leader = Fixture.leader(of: .voters(1, 2, learners: [3]))
    _ = leader.change(.removeMembers([3]))
    self.confirmations(&leader, [2])
    #expect(leader.change(.addLearners([Self.witness(3)])).appends.count == 1)
    #expect(leader.flush().appends == ["3: after T1-N1.2 through 3"])
    #expect(leader.engine.role(of: 3) == .witness)
  }

  @Test("Who comes back is sent nothing under its former session, and as what it was")
  func formerSession() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, learners: [4]))
    _ = leader.change(.removeMembers([4]))
    _ = leader.flush()
    // Node 4 has all but the commit of its removal, and is still being told of it.
    _ = leader.acknowledge(4)
    _ = leader.acknowledge(2)
    #expect(leader.engine.role(of: 4) == .replica)
    let appends = leader.change(.addLearners([Self.witness(4)])).appends
    #expect(appends == ["2: after T1-N1.2 through 3"])
    #expect(leader.flush().appends == ["4: after T1-N1.2 through 3"])
  }

  // MARK: Promotion

  @Test("A marked witness that would be one too many holds up no other, and has its turn later")
  func promotion() throws {
    let members = [
      Member(id: 1, address: "node-1"), Self.witness(2), Self.witness(3, isMarked: true),
      Member(id: 4, address: "node-4", isPromotedWhenCaughtUp: true),
    ]
    let membership = try Membership(
      configurations: [[1, 2]], members: members, terms: .init(cluster: .test))
    var leader = Fixture.leader(of: membership)
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2], [1, 2, 4]])
    self.confirmations(&leader, [2, 3, 4])
    self.confirmations(&leader, [2, 3, 4])
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2, 4], [1, 2, 3, 4]])
    #expect(leader.engine.effective?.isWitness(3) == true)
  }

  @Test("A change meant for this membership that makes a majority of witnesses is refused")
  func tooMany() {
    var leader = Fixture.leader(of: .withWitness(2, voters: [1, 2]))
    _ = leader.change(.addLearners([Self.witness(3)]))
    self.confirmations(&leader, [2])
    let ticket = leader.ticket()
    let expected = leader.engine.membership.effective.logID
    #expect(
      leader.step(
        .membershipChangeRequested(
          .addVoters([3]), retainingRemoved: false, expected: expected, timestamp: .epoch, ticket)
      ) == [.respond(ticket, .membershipRefused(.invalid(.witnessMajority([2, 3]))))])
  }

  // MARK: Transfers

  @Test("A leader that loses its vote asks a replica to take over, though the witness has more")
  func handsOver() {
    var leader = Fixture.leader(of: .withWitness(4, voters: [1, 2, 3, 4]))
    _ = leader.change(.removeVoters([1]), retaining: true)
    self.confirmations(&leader, [2, 3, 4])
    _ = leader.flush()
    // Node 2 is far behind; it and node 4 commit what takes the vote, and node 3 is silent.
    _ = leader.acknowledge(2)
    _ = leader.acknowledge(4)
    #expect(leader.engine.transferTarget == 2)
  }

  @Test("A witness that is asked to take over does not, whoever asks and whatever it holds")
  func takesNothingOver() {
    for prevote in [true, false] {
      let configuration = Self.configuration {
        $0.role = .witness
        $0.isPreVoteEnabled = prevote
      }
      var witness = Fixture.follower(3, of: Self.members, configuration: configuration)
      let request = TransferRequest(
        from: witness.engine.vote, to: 3, lastLogID: witness.engine.log.last)
      let ticket = witness.ticket()
      #expect(
        witness.step(.transferRequested(request, ticket)) == [
          .respond(ticket, .refused(.malformed))
        ])
      witness.time += 100_000
      #expect(witness.step(.elapsed) == [])
    }
  }

  // MARK: Promises

  @Test("A witness's promise carries the leader's lease")
  func lease() {
    let terms = Membership.Terms(cluster: .test, largestPromise: 150 * milliseconds)
    var leader = Fixture.leader(of: Self.members.with(terms))
    leader.time += 200
    _ = leader.step(.elapsed)
    #expect(!leader.engine.holdsLease(at: leader.now))
    _ = leader.acknowledge(3)
    #expect(leader.engine.holdsLease(at: leader.now))
  }

  @Test("A witness that starts again keeps the promise that it may have given")
  func promiseAfterStart() {
    let terms = Membership.Terms(cluster: .test, largestPromise: 150 * milliseconds)
    var witness = Fixture.follower(
      3, of: Self.members.with(terms), configuration: Self.configuration { $0.role = .witness })
    witness.time = 149
    let last = witness.engine.log.last
    guard case .vote(let early)? = witness.askVote(.led(1, by: 2), last: last).responses.first
    else {
      Issue.record("no answer")
      return
    }
    #expect(!early.isGranted)
    witness.time = 150
    _ = witness.askVote(.led(2, by: 2), last: last)
    #expect(witness.engine.vote == LeaderID.led(2, by: 2).standing)
  }

  // MARK: Snapshots

  @Test("Behind its snapshot a witness gets what the leader's disk holds")
  func snapshot() {
    var leader = Fixture.leader(
      of: Self.members,
      configuration: Self.configuration {
        $0.snapshotAfter = nil
        $0.entriesKept = 0
        $0.entriesKeptForPeers = 0
        $0.purgeBatch = 1
      })
    _ = leader.propose(5)
    _ = leader.flush()
    _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[3]!))
    _ = leader.acknowledge(2)
    _ = leader.step(.applied(through: Self.own.at(6)))
    _ = leader.step(.snapshotRequested)
    _ = leader.step(
      .snapshotBuilt(
        SnapshotMeta(lastLogID: Self.own.at(6), membership: leader.engine.membership.effective)))
    #expect(leader.engine.log.purged == Self.own.at(6))
    _ = leader.propose()
    leader.time += 60
    let commands = leader.step(.elapsed)
    #expect(
      commands.contains {
        if case .sendSnapshot(to: 3, _, _, _) = $0 { true } else { false }
      })
    #expect(
      leader.step(
        .snapshotAnswered(leader.engine.vote, through: Self.own.at(6), leader.sent[3]!)
      ).appends == [])
    #expect(leader.flush().appends == ["3: after T1-N1.6 through 7"])
  }
}
