import Raft
import Testing

@Suite("Learners", .timeLimit(.minutes(5)))
struct LearnerTests {
  @Test("A learner that cannot be reached is added at once, and holds up no commit")
  func isolated() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form([1])
      let receipt = try await leader.addLearner(TestCluster.member(2), admission: .atOnce)
      #expect(receipt.membership.learners == [2])
      for number in 0..<10 { _ = try await leader.write([UInt8(number)]) }
      let last = receipt.logID.index + 10
      let metrics = try await leader.wait(
        for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(metrics.lastLogID?.index == last)
      #expect(metrics.replication.map(\.id) == [2])
      #expect(metrics.replication.first?.matched == nil)
    }
  }

  @Test("A learner comes while commands are written, and has each of them once and in order")
  func concurrentWrites() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form([1])
      try cluster.start(2)
      async let writes = Self.write(100, at: leader)
      try await leader.addLearner(TestCluster.member(2))
      try await leader.changeMembership(.addVoters([2]))
      let last = try await writes
      let node = cluster.node(2)
      try await node.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await node.lines().map(\.command) == (0..<100).map { [UInt8($0)] })
      #expect(node.voterIDs == [1, 2])
    }
  }

  private static func write(_ count: Int, at node: RaftNode<Ledger>) async throws -> LogIndex {
    var last: LogIndex = 0
    for number in 0..<count { last = try await node.write([UInt8(number)]) }
    return last
  }

  @Test("A member that is described anew is known by that everywhere, and keeps its vote")
  func describedAnew() async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      var member = TestCluster.member(2)
      member.metadata = ["api": "b:80"]
      member.name = "b"
      try await leader.addLearner(member, admission: .atOnce)
      #expect(leader.member(2)?.metadata == [:], "adding describes nobody anew")
      let receipt = try await leader.changeMembership(.updateMembers([member]))
      #expect(receipt.membership.configurations == [[1, 2, 3]])
      for id: NodeID in [1, 2, 3] {
        let node = cluster.node(id)
        try await node.wait(
          for: .applied(atLeast: receipt.logID.index), within: TestCluster.limit)
        #expect(node.member(named: "b")?.id == 2)
        #expect(node.member(2)?.metadata == ["api": "b:80"])
      }
    }
  }
}
