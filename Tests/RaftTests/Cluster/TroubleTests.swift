import Raft
import Testing

@Suite("Clusters in one process show what keeps a peer from getting what it lacks")
struct TroubleTests {
  /// Waits until the leader says this of the peer.
  private func wait(
    for trouble: PeerTrouble?, of peer: NodeID, at leader: TestCluster.Node
  ) async throws {
    try await leader.wait(
      for: WaitCondition("trouble of \(peer)") { metrics in
        metrics.replication.contains { $0.id == peer && $0.trouble == trouble }
      }, within: TestCluster.limit)
  }

  @Test("A peer that cannot be reached is in trouble until it is back")
  func unreachable() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let peer = others(than: leader.id)[0]
      await cluster.stop(peer)
      _ = try await leader.write([1])
      try await self.wait(for: .failing(.unreachable), of: peer, at: leader)
      try cluster.start(peer)
      try await self.wait(for: nil, of: peer, at: leader)
      #expect(try await leader.write([2]) > 0)
    }
  }

  @Test("A peer that lost its data is left alone until it is let start over, once")
  func lostData() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let peer = others(than: leader.id)[0]
      let index = try await leader.write([1])
      try await cluster.node(peer).wait(for: .applied(atLeast: index), within: TestCluster.limit)
      try await leader.wait(
        for: WaitCondition("confirmed by \(peer)") { metrics in
          metrics.replication.contains { $0.id == peer && $0.matched?.index == index }
        }, within: TestCluster.limit)
      await #expect(throws: LogReversionError.nothingLost(peer)) {
        try await leader.allowLogReversion(of: peer)
      }
      try await cluster.startEmpty(peer)
      try await self.wait(for: .lostData(confirmed: index), of: peer, at: leader)
      #expect(cluster.node(peer).metrics.lastLogID == nil)
      try await leader.allowLogReversion(of: peer)
      try await cluster.node(peer).wait(for: .applied(atLeast: index), within: TestCluster.limit)
      try await self.wait(for: nil, of: peer, at: leader)
    }
  }
}
