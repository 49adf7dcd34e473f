import Raft
import RaftMemoryStore
import Testing

@Suite("Witnesses join, lose their disks and follow leaders that leave", .timeLimit(.minutes(5)))
struct WitnessJoiningTests {
  /// Two replicas and a witness that joined last.
  private static func form(_ cluster: TestCluster) async throws -> RaftNode<Ledger> {
    let leader = try await cluster.form([1, 2])
    _ = try await leader.write([1])
    try cluster.start(3, as: .witness)
    let receipt = try await leader.addVoter(TestCluster.witness(3))
    #expect(receipt.membership.isVoter(3) && receipt.membership.isWitness(3))
    return leader
  }

  @Test("A witness joins in one call, says what it is, and its vote is worth a server")
  func join() async throws {
    try await withCluster { cluster in
      let leader = try await Self.form(cluster)
      #expect(cluster.node(3).metrics.role == .witness && leader.metrics.role == .replica)
      #expect("\(cluster.node(3).metrics)".hasPrefix("node 3 Follower (witness)"))
      await cluster.stop(leader.id == 1 ? 2 : 1)
      _ = try await leader.write([2])
    }
  }

  @Test("A witness that lost its disk is brought back by one call")
  func rebuild() async throws {
    try await withCluster { cluster in
      let leader = try await Self.form(cluster)
      await cluster.stop(3)
      try cluster.startAnew(3, as: .witness)
      try await leader.wait(
        for: WaitCondition("replaced") { $0.replaced == [3] }, within: TestCluster.limit)
      let life = leader.metrics.replication.first { $0.id == 3 }?.replacedBy
      let receipt = try await leader.addVoter(TestCluster.witness(3))
      #expect(receipt.membership.member(3)?.incarnation == life)
      #expect(receipt.membership.isWitness(3))
      await cluster.stop(leader.id == 1 ? 2 : 1)
      _ = try await leader.write([2])
    }
  }

  @Test("A replica that lost its disk comes back as a witness, and a witness as a replica")
  func otherRole() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let lost = others(than: leader.id)[0]
      try await leader.wait(for: Self.allNamed, within: TestCluster.limit)
      for role in [Member.Role.witness, .replica] {
        let last = try await leader.write([1])
        await cluster.stop(lost)
        try cluster.startAnew(lost, as: role)
        try await leader.wait(
          for: WaitCondition("replaced") { $0.replaced == [lost] }, within: TestCluster.limit)
        let receipt = try await leader.addVoter(
          Member(id: lost, address: "node-\(lost)", role: role))
        #expect(receipt.membership.member(lost)?.role == role)
        try await cluster.node(lost).wait(
          for: .applied(atLeast: last), within: TestCluster.limit)
      }
      #expect(try await cluster.node(lost).lines().map(\.command) == [[1], [1]])
    }
  }

  @Test("A member that runs keeps its role, and one witness too many is refused at once")
  func refusals() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2])
      let other: NodeID = leader.id == 1 ? 2 : 1
      await #expect(throws: MembershipChangeError.invalid(.exchangedRole(other))) {
        try await leader.addVoter(TestCluster.witness(other))
      }
      try cluster.start(3, as: .witness)
      try await leader.addVoter(TestCluster.witness(3))
      try await leader.removeMember(other)
      await #expect(throws: MembershipChangeError.invalid(.witnessMajority([3, 4]))) {
        try await leader.addVoter(TestCluster.witness(4))
      }
      #expect(leader.metrics.effectiveMembership.membership?.member(4) == nil)
    }
  }

  @Test("A leader that stops hands over to the replica; with witnesses alone it just stops")
  func handover() async throws {
    try await withCluster { cluster in
      let leader = try await Self.form(cluster)
      let other: NodeID = leader.id == 1 ? 2 : 1
      let last = try await leader.write([2])
      let term = leader.metrics.term
      await cluster.stop(leader.id)
      let successor = cluster.node(other)
      let metrics = try await successor.wait(for: .servingLeader, within: TestCluster.limit)
      #expect(metrics.term == Term(term.rawValue + 1))
      try await successor.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(cluster.node(3).metrics.state == .follower)
      let clock = ContinuousClock()
      let before = clock.now
      await cluster.stop(other)
      #expect(clock.now - before < .seconds(5))
      #expect(cluster.node(3).metrics.state == .follower)
    }
  }

  private static let allNamed = WaitCondition("all members are named") { metrics in
    metrics.committedMembership == metrics.effectiveMembership
      && metrics.committedMembership.membership?.members
        .allSatisfy { $0.incarnation != nil } ?? false
  }
}
