import Raft
import RaftMemoryStore
import Testing

@Suite("Writes while the quorum is away", .timeLimit(.minutes(5)))
struct QuorumLossTests {
  @Test("A leader without its quorum takes no new writes, and those under way succeed afterwards")
  func comesBack() async throws {
    var configuration = TestCluster.configuration
    configuration.abandonWritesAfter = .seconds(60)
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      for id in others(than: leader.id) { cluster.node(id).switches.isElectionEnabled = false }
      let last = try await leader.write([1])
      cluster.network.isolate(leader.id)
      let waiting = outcome { () async throws(WriteError) in try await leader.write([2]) }
      try await leader.wait(for: .logIndex(atLeast: last + 1), within: TestCluster.limit)
      try await leader.wait(
        for: WaitCondition("no quorum") { !$0.hasQuorumContact }, within: TestCluster.limit)
      await #expect(throws: WriteError.noQuorum) { try await leader.write([3]) }
      await #expect(throws: WriteError.noQuorum) { try await leader.writeBarrier() }
      cluster.network.heal()
      #expect(try await waiting.value.get() == last + 1)
      try await leader.wait(for: .servingLeader, within: TestCluster.limit)
      _ = try await leader.write([4])
      #expect(try await leader.lines().map(\.command) == [[1], [2], [4]])
    }
  }
}
