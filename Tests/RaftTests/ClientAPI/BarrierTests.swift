import Raft
import Testing

@Suite("Blank entries as barriers", .timeLimit(.minutes(5)))
struct BarrierTests {
  @Test("A barrier returns its position once everything before it is applied, and changes nothing")
  func waits() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      solo.gate.close()
      try solo.node.submit([1])
      let barrier = outcome { () async throws(WriteError) in try await solo.node.writeBarrier() }
      try await solo.node.wait(for: .committed(atLeast: 3), within: TestCluster.limit)
      #expect((solo.node.metrics.applied?.index).nextIndex < 3)
      solo.gate.open()
      #expect(
        try await barrier.value.get() == LogID(leader: LeaderID(term: 1, node: 1), index: 3))
      #expect((solo.node.metrics.applied?.index).nextIndex >= 2)
      #expect(try await solo.lines().map(\.command) == [[1]])
    }
  }

  @Test("A follower takes no barrier and says who leads; a node that stopped says so")
  func refused() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let follower = cluster.node(others(than: leader.id)[0])
      try await follower.wait(for: .leader(leader.id), within: TestCluster.limit)
      await #expect(throws: WriteError.notLeader(follower.leader)) {
        try await follower.writeBarrier()
      }
      await cluster.stop(follower.id)
      await #expect(throws: WriteError.stopped(.shutdown)) { try await follower.writeBarrier() }
    }
  }

  @Test("A barrier that no quorum takes has an unknown outcome when the node stops")
  func lost() async throws {
    let solo = try SoloNode(transport: ScriptedTransport.obedient(through: 1))
    try await withSoloNode(solo) { solo, _ in
      try await solo.lead(with: [2, 3])
      let barrier = outcome { () async throws(WriteError) in try await solo.node.writeBarrier() }
      try await solo.node.wait(for: .logIndex(atLeast: 2), within: TestCluster.limit)
      await solo.node.shutdown()
      #expect(await barrier.value.failure == .outcomeUnknown)
    }
  }

  @Test("Barriers count as waiting writes while the machine is stuck")
  func bounded() async throws {
    var configuration = SoloNode.configuration
    configuration.writeBytesMax = 40
    configuration.pendingBytesMax = 64
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      try await solo.lead()
      solo.gate.close()
      try solo.node.submit([UInt8](repeating: 0, count: 32))
      try await solo.node.wait(for: .committed(atLeast: 2), within: TestCluster.limit)
      try await solo.turn()
      await #expect(throws: WriteError.overloaded) { try await solo.node.writeBarrier() }
      solo.gate.open()
    }
  }
}
