import Raft
import RaftMemoryStore
import Testing

@Suite("What a node does of its own accord", .timeLimit(.minutes(5)))
struct SwitchTests {
  @Test(
    "A leader that was told not to speak loses its quorum, speaks when it is told to, then always")
  func heartbeats() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.obedient)) { solo, _ in
      try await solo.lead(with: [2, 3])
      #expect(solo.node.switches.isHeartbeatEnabled)
      solo.node.switches.isHeartbeatEnabled = false
      #expect(!solo.node.switches.isHeartbeatEnabled && solo.node.switches.isElectionEnabled)
      try await Self.contact(false, of: solo.node)
      solo.node.triggers.heartbeat()
      try await Self.contact(true, of: solo.node)
      try await Self.contact(false, of: solo.node)
      solo.node.switches.isHeartbeatEnabled = true
      try await Self.contact(true, of: solo.node)
    }
  }

  private static func contact(_ holds: Bool, of node: RaftNode<GatedLedger>) async throws {
    let condition = WaitCondition("contact \(holds)") { $0.hasQuorumContact == holds }
    try await node.wait(for: condition, within: TestCluster.limit)
  }

  @Test("Where elections are off, nobody leads after the leader until somebody is told to stand")
  func elections() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let rest = others(than: leader.id)
      for id in rest { cluster.node(id).switches.isElectionEnabled = false }
      for id in rest { _ = try await cluster.node(id).withState { _ in } }
      cluster.network.isolate(leader.id)
      let term = leader.metrics.term
      await #expect(throws: WaitError.self) {
        try await cluster.node(rest[0]).wait(
          for: WaitCondition("a new round") { $0.term > term }, within: .milliseconds(800))
      }
      cluster.node(rest[1]).triggers.startElection()
      try await cluster.node(rest[1]).wait(for: .servingLeader, within: TestCluster.limit)
    }
  }

  @Test("A node may start with everything switched off, and is as its configuration says")
  func starts() async throws {
    var configuration = SoloNode.configuration
    configuration.isTickEnabled = false
    configuration.isPreVoteEnabled = false
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      let switches = solo.node.switches
      #expect(!switches.isTickEnabled && !switches.isPreVoteEnabled)
      #expect(switches.isHeartbeatEnabled && switches.isElectionEnabled)
      switches.isPreVoteEnabled = true
      switches.isTickEnabled = true
      #expect(solo.node.switches.isTickEnabled && solo.node.switches.isPreVoteEnabled)
      try await solo.lead()
    }
  }
}
