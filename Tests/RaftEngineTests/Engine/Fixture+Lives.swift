import RaftEngine

/// Fixtures in which nodes state the lives of their data: node 1 runs as life 10, node 2 as 20.
extension Fixture {
  /// A follower that states its life.
  static func living(
    _ id: NodeID = 1, of membership: Membership, life: Incarnation? = nil,
    committed: LogIndex? = 0
  ) -> Fixture {
    let first = LeaderID.led(0, by: 1).at(0)
    let logged = LoggedMembership(logID: first, membership: membership)
    var recovered = Engine.Recovered()
    recovered.cluster = .test
    recovered.incarnation = life ?? .usual(of: id)
    recovered.vote = LeaderID.led(0, by: 1).chosen
    recovered.log = .init([.led(0, by: 1)])
    recovered.membership = MembershipState(
      committed: committed == nil ? .none : logged, effective: logged)
    recovered.committed = committed == nil ? nil : first
    recovered.applied = recovered.committed
    return Fixture(id, recovered)
  }

  /// A leader whose first entry everybody but the silent has, each in its usual life.
  static func livingLeader(of membership: Membership, silent: [NodeID] = []) -> Fixture {
    var fixture = Fixture.living(of: membership)
    _ = fixture.step(.electionRequested)
    _ = fixture.flush()
    for voter in membership.voters where voter != 1 && !fixture.engine.isLeader {
      _ = fixture.grant(voter, as: .usual(of: voter))
    }
    _ = fixture.flush()
    for member in membership.members where member.id != 1 && !silent.contains(member.id) {
      _ = fixture.acknowledge(member.id, as: .usual(of: member.id))
    }
    _ = fixture.step(.applied(through: fixture.engine.committed!))
    return fixture
  }

  mutating func grant(_ voter: NodeID, as life: Incarnation?) -> [Command] {
    self.step(
      .voteAnswered(
        VoteResponse(
          vote: self.engine.vote, isGranted: true, lastLogID: nil, incarnation: life),
        from: voter, under: self.engine.vote))
  }

  mutating func acknowledge(_ peer: NodeID, as life: Incarnation?) -> [Command] {
    guard let sent = self.sent[peer] else { preconditionFailure("nothing sent to \(peer)") }
    return self.step(
      .appendAnswered(.matched(through: self.engine.log.last), sent, by: life))
  }

  /// The next round of heartbeats.
  mutating func beat() -> [Command] {
    self.time += 50
    return self.step(.elapsed)
  }

  var replaced: [NodeID] {
    guard let lead = self.engine.lead else { return [] }
    return lead.progress.filter { $0.replacedBy != nil }.map(\.id)
  }
}

extension Incarnation {
  static func usual(of id: NodeID) -> Incarnation { Incarnation(10 * id.rawValue) }
}

extension Membership {
  /// The same with the usual lives of these members named.
  func naming(_ ids: NodeID...) -> Membership {
    ids.reduce(self) { $0.binding($1, to: .usual(of: $1)) }
  }
}
