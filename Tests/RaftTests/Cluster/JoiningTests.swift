import RaftMemoryStore
import Testing

@testable import Raft

@Suite("Servers join, lose their data, are rebuilt and leave")
struct JoiningTests {
  @Test("A server joins in one call, and joining it again changes nothing")
  func join() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      _ = try await leader.write([1])
      for id: NodeID in [2, 3] {
        try cluster.start(id)
        let receipt = try await leader.addVoter(TestCluster.member(id))
        #expect(receipt.membership.isVoter(id) && !receipt.membership.isJoint)
        #expect(receipt.membership.member(id)?.incarnation != nil)
      }
      let before = leader.metrics.effectiveMembership
      let again = try await leader.addVoter(TestCluster.member(3))
      #expect(again.logID == before.logID && leader.metrics.effectiveMembership == before)
      try await cluster.node(3).wait(for: .voters([1, 2, 3]), within: TestCluster.limit)
    }
  }

  @Test("A server has not joined before the membership with its vote is committed, and not joint")
  func uncommitted() throws {
    let members = [TestCluster.member(1), TestCluster.member(2)]
    let joint = try Membership(configurations: [[1], [1, 2]], members: members)
    let last = try Membership(voters: members)
    func logged(_ membership: Membership, at index: LogIndex) -> LoggedMembership {
      LoggedMembership(logID: LogID(term: 1, node: 1, index: index), membership: membership)
    }
    var metrics = Metrics(unstarted: 1)
    metrics.state = .leader
    metrics.replication = [
      Metrics.Replication(
        id: 2, matched: nil, acknowledgedAt: .epoch, trouble: nil, phase: .replicating,
        replacedBy: nil)
    ]
    let (first, second) = (logged(joint, at: 4), logged(last, at: 5))
    for (committed, effective) in [(.none, first), (first, first), (first, second)] {
      metrics.committedMembership = committed
      metrics.effectiveMembership = effective
      #expect(Joining(of: members[1], in: metrics, since: .epoch) == .wait)
    }
    metrics.committedMembership = second
    let receipt = MembershipReceipt(logID: LogID(term: 1, node: 1, index: 5), membership: last)
    #expect(Joining(of: members[1], in: metrics, since: .epoch) == .done(receipt))
  }

  @Test("A server that does not answer becomes a learner, and a voter when it comes")
  func joinLater() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      let failure = await #expect(throws: MembershipChangeError.self) {
        try await leader.addVoter(TestCluster.member(2), within: .milliseconds(200))
      }
      #expect(failure == .notCaughtUp(2))
      try cluster.start(2)
      try await leader.wait(for: .voters([1, 2]), within: TestCluster.limit)
    }
  }

  @Test("A server that lost its data is refused, shown, and brought back by one call (S95)")
  func rebuild() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      try await leader.wait(for: Self.allNamed, within: TestCluster.limit)
      _ = try await leader.write([1])
      let lost = others(than: leader.id)[0]
      await cluster.stop(lost)
      try cluster.startAnew(lost)
      let metrics = try await leader.wait(
        for: WaitCondition("replaced") { $0.replaced == [lost] }, within: TestCluster.limit)
      #expect("\(metrics)".contains("remove the member and add it again"))
      #expect(cluster.node(lost).metrics.lastLogID == nil)
      let life = metrics.replication.first { $0.id == lost }?.replacedBy
      await #expect(throws: MembershipChangeError.self) {
        try await leader.changeMembership(
          .updateMembers([Member(id: lost, address: "node-\(lost)", incarnation: life)]))
      }
      let receipt = try await leader.addVoter(TestCluster.member(lost))
      #expect(receipt.membership.member(lost)?.incarnation == life)
      #expect(receipt.membership.voters == [1, 2, 3] && leader.metrics.replaced == [])
      #expect(leader.metrics.refusals == [:])
      // With the other one gone, the rebuilt server's vote and copy are needed.
      await cluster.stop(others(than: leader.id)[1])
      let index = try await leader.write([2])
      try await cluster.node(lost).wait(
        for: .applied(atLeast: index), within: TestCluster.limit)
      #expect(try await cluster.node(lost).lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("Servers leave in one call: a follower, one that is gone already, and the leader itself")
  func leave() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let gone = others(than: leader.id)[0]
      let receipt = try await leader.removeMember(gone)
      #expect(receipt.membership.member(gone) == nil)
      #expect(try await leader.removeMember(gone).membership == receipt.membership)
      try await cluster.node(gone).wait(
        for: WaitCondition("removed") { $0.removedAt != nil }, within: TestCluster.limit)
      try await leader.removeMember(leader.id)
      let next = try await cluster.leader(among: [others(than: leader.id)[1]])
      _ = try await next.write([1])
    }
  }

  @Test("A change meant for another membership is refused with both entries")
  func precondition() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      let entry = try #require(leader.metrics.effectiveMembership.logID)
      let learner = TestCluster.member(2)
      let first = try await leader.changeMembership(.addLearners([learner]), if: entry)
      let failure = await #expect(throws: MembershipChangeError.self) {
        try await leader.changeMembership(.removeMembers([2]), if: entry)
      }
      guard case .preconditionFailed(entry, let actual)? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(actual.map { $0.index >= first.logID.index } == true)
    }
  }

  private static let allNamed = WaitCondition("all members are named") { metrics in
    metrics.committedMembership == metrics.effectiveMembership
      && metrics.committedMembership.membership?.members
        .allSatisfy { $0.incarnation != nil } ?? false
  }
}
