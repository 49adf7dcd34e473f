import Testing

@testable import RaftEngine

@Suite("Witnesses vote and confirm, and never lead")
struct WitnessTests {
  /// Voters 1, 2 and 3, of which 3 is a witness.
  private static let members = Membership.withWitness(3, voters: [1, 2, 3])

  private static var asWitness: EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.role = .witness
    return configuration
  }

  private static func witness(log: [LeaderID] = [.led(0, by: 1)]) -> Fixture {
    .follower(3, of: Self.members, log: log, configuration: Self.asWitness)
  }

  // MARK: Elections

  @Test("A witness never stands, however long it hears nothing, and whoever asks for it")
  func neverStands() {
    var witness = Self.witness()
    #expect(witness.engine.deadline == .distantFuture)
    witness.time += 100_000
    #expect(witness.step(.elapsed) == [])
    #expect(witness.step(.electionRequested) == [])
    #expect(witness.engine.serverState == .follower)
  }

  @Test("A node that the membership calls a witness does not stand either")
  func neverStandsAsReplica() {
    var node = Fixture.follower(3, of: Self.members)
    #expect(node.step(.electionRequested) == [])
  }

  @Test("A witness votes for a log that is as long as its own, and for no shorter one")
  func votes() {
    let log: [LeaderID] = [.led(0, by: 1), .led(1, by: 1)]
    var witness = Self.witness(log: log)
    let refused = witness.askVote(.led(2, by: 2), last: LeaderID.led(0, by: 1).at(0)).responses
    guard case .vote(let no)? = refused.first else {
      Issue.record("\(refused)")
      return
    }
    #expect(!no.isGranted)
    #expect(witness.askVote(.led(3, by: 2), last: LeaderID.led(1, by: 1).at(1)).responses == [])
    let granted = witness.flush().responses
    guard case .vote(let yes)? = granted.first else {
      Issue.record("\(granted)")
      return
    }
    #expect(yes.isGranted && yes.vote == LeaderID.led(3, by: 2).standing)
  }

  @Test("A witness founds no cluster")
  func foundsNothing() {
    var witness = Fixture.fresh(3, configuration: Self.asWitness)
    let ticket = witness.ticket()
    #expect(
      witness.step(.bootstrapRequested(Self.members, timestamp: .epoch, ticket))
        == [.respond(ticket, .bootstrapRefused(.witness))])
    var replica = Fixture.fresh(3)
    #expect(
      replica.step(.bootstrapRequested(Self.members, timestamp: .epoch, ticket))
        == [.respond(ticket, .bootstrapRefused(.witness))])
  }

  // MARK: Transfers

  @Test("Nobody hands over to a witness")
  func noTarget() {
    var leader = Fixture.leader(of: Self.members)
    let ticket = leader.ticket()
    #expect(
      leader.step(.transferWanted(to: 3, within: nil, ticket))
        == [.respond(ticket, .transferRefused(.witness(3)))])
  }

  @Test("The best successor is a replica, although the witness has the longer log")
  func bestSuccessor() {
    var leader = Fixture.leader(of: Self.members)
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(3)
    let ticket = leader.ticket()
    _ = leader.step(.transferWanted(to: nil, within: nil, ticket))
    #expect(leader.engine.transferTarget == 2)
  }

  @Test("A leader whose only other voter is a witness hands over to nobody")
  func alone() {
    var leader = Fixture.leader(of: .withWitness(2, voters: [1, 2]))
    let ticket = leader.ticket()
    #expect(
      leader.step(.transferWanted(to: nil, within: nil, ticket))
        == [.respond(ticket, .transferRefused(.noOtherVoter))])
  }

  // MARK: Replication

  @Test("A witness is sent what is durable at the leader, as soon as it is")
  func durableFirst() {
    var leader = Fixture.leader(of: Self.members)
    #expect(leader.propose().appends == ["2: after T1-N1.1 through 2"])
    #expect(leader.flush().appends == ["3: after T1-N1.1 through 2"])
  }

  @Test("Under a leader without a vote a witness is sent what a replica with one has durably")
  func leaderWithoutVote() {
    var leader = Fixture.leader(of: .withWitness(3, voters: [1, 2, 3]))
    _ = leader.change(.removeVoters([1]), retaining: true)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    _ = leader.acknowledge(3)
    // The joint membership is committed; the one without this node's vote is on its way.
    #expect(leader.engine.effective?.configurations == [[2, 3]])
    #expect(!leader.flush().appends.contains { $0.hasPrefix("3:") })
    #expect(leader.acknowledge(2).appends.contains { $0.hasPrefix("3:") })
  }

  @Test("A witness's word counts for a commit like any other")
  func commits() {
    var leader = Fixture.leader(of: Self.members)
    _ = leader.propose()
    _ = leader.flush()
    let commands = leader.acknowledge(3)
    #expect(commands.contains(.noteCommitted(LeaderID.led(1, by: 1).at(2))))
  }

  @Test("A removed witness is still sent only what is durable at the leader")
  func removedWitness() {
    var leader = Fixture.leader(of: .withWitness(3, voters: [1, 2], learners: [3]))
    let commands = leader.change(.removeMembers([3]))
    #expect(commands.appends == ["2: after T1-N1.1 through 2"])
    #expect(leader.flush().appends == ["3: after T1-N1.1 through 2"])
  }

  // MARK: What fits whom

  @Test("A replica stores nothing without payload: it stops")
  func replicaStops() {
    var replica = Fixture.follower(2, of: Self.members)
    let last = LeaderID.led(0, by: 1).at(0)
    let commands = replica.append(
      [LeaderID.led(1, by: 1).run(1...2, kind: .withheld)], after: last, under: .led(1, by: 1))
    #expect(
      commands.suffix(2) == [
        .respond(Ticket(1), .refused(.malformed)), .stop(.otherRole(than: .replica)),
      ])
    #expect(replica.engine.log.last == last)
  }

  @Test("A witness stores positions, and stops at a payload")
  func witnessStores() {
    let last = LeaderID.led(0, by: 1).at(0)
    var witness = Self.witness()
    _ = witness.append(
      [LeaderID.led(1, by: 1).run(1...2, kind: .withheld)], after: last, under: .led(1, by: 1))
    #expect(witness.engine.log.last == LeaderID.led(1, by: 1).at(2))
    let commands = witness.append(
      [LeaderID.led(1, by: 1).run(3...3)], after: LeaderID.led(1, by: 1).at(2),
      under: .led(1, by: 1))
    #expect(
      commands == [
        .respond(Ticket(2), .refused(.malformed)), .stop(.otherRole(than: .witness)),
      ])
  }

  @Test("An entry that has no payload but counts bytes is malformed")
  func malformed() {
    var witness = Self.witness()
    let run = EntryRun(
      leader: .led(1, by: 1), first: 1, count: 1, byteCount: 1, kind: .withheld, timestamp: .epoch)
    #expect(
      witness.append([run], after: LeaderID.led(0, by: 1).at(0), under: .led(1, by: 1))
        == [.respond(Ticket(1), .refused(.malformed))])
  }

  @Test("A snapshot without state goes to a witness, one with state to a replica")
  func snapshots() {
    let leader = LeaderID.led(1, by: 1)
    for (id, role, form) in [
      (2, Member.Role.replica, SnapshotMeta.Form.withheld), (3, .witness, .data),
    ] as [(NodeID, Member.Role, SnapshotMeta.Form)] {
      var configuration = EngineConfiguration.withoutPreVote
      configuration.role = role
      var node = Fixture.follower(id, of: Self.members, configuration: configuration)
      let meta = SnapshotMeta(lastLogID: leader.at(9), membership: .none, form: form)
      let ticket = node.ticket()
      let commands = node.step(
        .snapshotOffered(leader.chosen, meta, from: Sender(node: 1, cluster: .test), ticket))
      #expect(
        commands.suffix(2) == [
          .respond(ticket, .refused(.malformed)), .stop(.otherRole(than: role)),
        ])
    }
  }

  @Test("A node that is up to date and has another role in the membership stops")
  func otherRole() {
    let leader = LeaderID.led(1, by: 2)
    var node = Fixture.follower(3, of: Self.members)
    let blank = leader.run(1...1, kind: .blank)
    let before = node.append([blank], after: LeaderID.led(0, by: 1).at(0), under: leader)
    #expect(!before.contains(.stop(.otherRole(than: .replica))))
    let after = node.append([], after: leader.at(1), under: leader, committed: leader.at(1))
    #expect(after.contains(.stop(.otherRole(than: .replica))))
  }

  @Test("A node that was added anew passes the memberships in which it had another role")
  func formerRole() throws {
    let leader = LeaderID.led(1, by: 1)
    let former = leader.run(0...0, kind: .membership, membership: Self.members)
    let without = leader.run(1...1, kind: .membership, membership: .voters(1, 2))
    let now = leader.run(2...2, kind: .membership, membership: .voters(1, 2, learners: [3]))
    var node = Fixture.fresh(3)
    for (run, previous) in [(former, nil), (without, leader.at(0)), (now, leader.at(1))] {
      let commands = node.append([run], after: previous, under: leader, committed: leader.at(2))
      #expect(!commands.contains(.stop(.otherRole(than: .replica))))
    }
    _ = node.append([], after: leader.at(2), under: leader, committed: leader.at(2))
    #expect(node.engine.log.last == leader.at(2))
  }
}

extension Membership {
  /// A membership in which this node is a witness.
  static func withWitness(
    _ witness: NodeID, voters: [NodeID], learners: [NodeID] = []
  ) -> Membership {
    let members = Set(voters + learners).sorted().map {
      Member(id: $0, address: "node-\($0)", role: $0 == witness ? .witness : .replica)
    }
    do {
      return try Membership(
        configurations: [voters], members: members, terms: .init(cluster: .test))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
