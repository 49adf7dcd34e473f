import Raft
import Testing

@Suite("Clusters in one process replicate")
struct ReplicationTests {
  @Test("A single node elects itself, writes and reads")
  func singleNode() async throws {
    try await withCluster { cluster in
      let node = try await cluster.form([1])
      #expect(try await node.write([7]) == 2)
      try await node.linearizableRead()
      #expect(try await node.lines() == [.init(index: 2, command: [7])])
    }
  }

  @Test("Three nodes apply the same commands in the same order")
  func threeNodes() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      var indices: [LogIndex] = []
      for number in 0..<50 { indices.append(try await leader.write([UInt8(number)])) }
      #expect(indices == indices.sorted() && Set(indices).count == 50)
      let last = try #require(indices.last)
      let lines = try await leader.lines()
      #expect(lines.map(\.command) == (0..<50).map { [UInt8($0)] })
      for id: NodeID in [1, 2, 3] {
        try await cluster.node(id).wait(for: .applied(atLeast: last), within: TestCluster.limit)
        #expect(try await cluster.node(id).lines() == lines)
      }
    }
  }

  @Test("Many writers at once each get the answer to their own command")
  func manyWriters() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let answers = try await withThrowingTaskGroup(of: (UInt8, LogIndex).self) { group in
        for writer in 0..<64 {
          group.addTask { (UInt8(writer), try await leader.write([UInt8(writer)])) }
        }
        return try await group.reduce(into: [(UInt8, LogIndex)]()) { $0.append($1) }
      }
      let lines = try await leader.lines()
      #expect(lines.count == 64)
      for (command, index) in answers {
        #expect(lines.contains(.init(index: index, command: [command])))
      }
    }
  }

  @Test("A batch of commands is applied in order without others between, and answered in order")
  func batches() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      async let other = leader.write([99])
      let answers = try await leader.write(contentsOf: (0..<10).map { [UInt8($0)] })
      _ = try await other
      let first = try #require(answers.first)
      #expect(answers == (0..<10).map { first + $0 })
      #expect(try await leader.write(contentsOf: []) == [])
    }
  }

  @Test("A follower names the leader to those who ask it")
  func followersRefuse() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let follower = others(than: leader.id)[0]
      let node = cluster.node(follower)
      try await node.wait(for: .leader(leader.id), within: TestCluster.limit)
      try await node.wait(
        for: WaitCondition("a settled membership") {
          $0.effectiveMembership == leader.metrics.effectiveMembership
        }, within: TestCluster.limit)
      let membership = try #require(node.metrics.effectiveMembership.membership)
      let member = try #require(membership.member(leader.id))
      #expect(member.address == "node-\(leader.id)" && member.incarnation != nil)
      let hint = LeaderHint(id: leader.id, member: member)
      await #expect(throws: WriteError.notLeader(hint)) { try await node.write([1]) }
      await #expect(throws: ReadError.notLeader(hint)) { try await node.linearizableRead() }
      await #expect(throws: MembershipChangeError.notLeader(hint)) {
        try await node.changeMembership(.removeVoters([1]))
      }
    }
  }

  @Test("A follower reads linearizably behind the leader's barrier")
  func followerReads() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let follower = cluster.node(others(than: leader.id)[0])
      for number in 0..<20 {
        _ = try await leader.write([UInt8(number)])
        try await follower.waitUntilApplied(through: leader.readBarrier())
        #expect(try await follower.lines().last?.command == [UInt8(number)])
      }
    }
  }

  @Test("A command beyond the limit is refused and takes nothing with it")
  func tooLarge() async throws {
    var configuration = TestCluster.configuration
    configuration.writeBytesMax = 10
    try await withCluster(configuration) { cluster in
      let node = try await cluster.form([1])
      let long = [UInt8](repeating: 1, count: 11)
      await #expect(throws: WriteError.tooLarge(bytes: 11, limit: 10)) {
        try await node.write(long)
      }
      await #expect(throws: WriteError.tooLarge(bytes: 11, limit: 10)) {
        try await node.write(contentsOf: [[1], long])
      }
      _ = try await node.write([2])
      #expect(try await node.lines().map(\.command) == [[2]])
    }
  }

  @Test("Appends are cut to the byte limit and still arrive whole")
  func smallAppends() async throws {
    var configuration = TestCluster.configuration
    configuration.appendBytesMax = 100
    configuration.appendEntriesMax = 7
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let commands = (0..<40).map { [UInt8](repeating: UInt8($0), count: 30) }
      let last = try #require(try await leader.write(contentsOf: commands).last)
      for id: NodeID in [1, 2, 3] {
        try await cluster.node(id).wait(for: .applied(atLeast: last), within: TestCluster.limit)
        #expect(try await cluster.node(id).lines().map(\.command) == commands)
      }
    }
  }
}
