import Raft
import Testing

@Suite("Nodes that begin, and begin again", .timeLimit(.minutes(5)))
struct RestartTests {
  @Test("A node of no cluster leads nobody, knows no leader, and changes no membership")
  func uninitialized() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let node = try cluster.start(1)
      #expect(try await node.withState { $0.state } == .learner)
      #expect(node.leader == nil)
      #expect(node.metrics.leader == nil)
      #expect(node.metrics.effectiveMembership.membership == nil)
      await #expect(throws: MembershipChangeError.notLeader(nil)) {
        try await node.changeMembership(.addVoters([2]))
      }
      await #expect(throws: WriteError.notLeader(nil)) { try await node.write([1]) }
      node.triggers.startElection(.atOnce)
      #expect(try await node.withState { $0.state } == .learner)
      #expect(node.metrics.term == 0)
    }
  }

  @Test("A follower that restarts deposes nobody, and gets what it missed")
  func follower() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let term = leader.metrics.term
      let id = others(than: leader.id)[0]
      _ = try await leader.write([1])
      await cluster.stop(id)
      let last = try await leader.write([2])
      let again = try cluster.start(id)
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(again.metrics.leader == leader.id)
      #expect(try await again.lines().map(\.command) == [[1], [2]])
      #expect(leader.metrics.state == .leader && leader.metrics.term == term)
    }
  }

  @Test("A learner that restarts is a learner still, and learns on")
  func learner() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form([1])
      try cluster.start(2)
      try await leader.addLearner(TestCluster.member(2))
      _ = try await leader.write([1])
      await cluster.stop(2)
      let last = try await leader.write([2])
      let again = try cluster.start(2)
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(again.metrics.state == .learner)
      #expect(again.learnerIDs == [2])
      #expect(try await again.lines().map(\.command) == [[1], [2]])
    }
  }
}
