import Raft
import RaftMemoryStore
import Testing

@Suite("Clusters in one process survive failures")
struct FailureTests {
  @Test("The others elect a new leader when the leader stops, and nothing acknowledged is lost")
  func leaderStops() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      for number in 0..<10 { _ = try await old.write([UInt8(number)]) }
      let term = old.metrics.term
      await cluster.stop(old.id)
      let rest = others(than: old.id)
      let leader = try await cluster.leader(among: rest)
      #expect(leader.metrics.term > term)
      let last = try await leader.write([10])
      // The old leader comes back from its own stores and catches up.
      let again = try cluster.start(old.id)
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await again.lines().map(\.command) == (0...10).map { [UInt8($0)] })
    }
  }

  @Test("A leader cut off from all others takes no writes, and its tail is replaced")
  func isolatedLeader() async throws {
    var configuration = TestCluster.configuration
    configuration.abandonWritesAfter = .milliseconds(300)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([1])
      cluster.network.isolate(old.id)
      await #expect(throws: WriteError.outcomeUnknown) { try await old.write([66]) }
      await #expect(throws: WriteError.noQuorum) { try await old.write([67]) }
      let rest = others(than: old.id)
      let leader = try await cluster.leader(among: rest)
      let last = try await leader.write([2])
      cluster.network.heal()
      try await old.wait(for: .leader(leader.id), within: TestCluster.limit)
      try await old.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await old.lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("A read at a leader that lost its quorum fails, and never answers from an old state")
  func staleRead() async throws {
    var configuration = TestCluster.configuration
    configuration.readTimeout = .milliseconds(200)
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      cluster.network.isolate(leader.id)
      await #expect(throws: ReadError.noQuorum(heard: [leader.id])) {
        try await leader.linearizableRead()
      }
    }
  }

  @Test("A node that cannot be heard does not depose a leader, even if it asks for votes at once")
  func oneWayIsolation() async throws {
    var configuration = TestCluster.configuration
    configuration.isPreVoteEnabled = false
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let deaf = others(than: leader.id)[0]
      // Before it knows that it has a vote it would not campaign.
      try await cluster.node(deaf).wait(
        for: .applied(atLeast: leader.readBarrier().index), within: TestCluster.limit)
      for other: NodeID in [1, 2, 3] where other != deaf {
        cluster.network.cut(from: other, to: deaf)
      }
      // It campaigns again and again; its requests arrive, the answers do not.
      try await cluster.node(deaf).wait(
        for: WaitCondition("several campaigns") {
          $0.term.rawValue > leader.metrics.term.rawValue + 2
        },
        within: TestCluster.limit)
      #expect(leader.metrics.state == .leader)
      _ = try await leader.write([1])
    }
  }

  @Test("All nodes restart from their stores and keep what was acknowledged")
  func allRestart() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      for number in 0..<20 { _ = try await leader.write([UInt8(number)]) }
      await cluster.stopAll()
      for id: NodeID in [1, 2, 3] { try cluster.start(id) }
      let next = try await cluster.leader(among: [1, 2, 3])
      try await next.linearizableRead()
      #expect(try await next.lines().map(\.command) == (0..<20).map { [UInt8($0)] })
    }
  }

  @Test("A single node leads again at once after a restart, in a new round")
  func singleRestart() async throws {
    try await withCluster { cluster in
      let node = try await cluster.form([1])
      _ = try await node.write([1])
      let term = node.metrics.term
      await cluster.stop(1)
      try cluster.start(1)
      let again = try await cluster.leader(among: [1])
      #expect(again.metrics.term == term.next)
      #expect(try await again.lines().map(\.command) == [[1]])
    }
  }

  @Test("A machine that throws stops its node before the entry counts as applied")
  func machineThrows() async throws {
    try await withCluster { cluster in
      for id: NodeID in [1, 2] { try cluster.start(id) }
      var poisoned = Ledger()
      poisoned.poison = [66]
      try cluster.start(3, machine: poisoned)
      try await cluster.node(1).bootstrap(with: [1, 2, 3].map(TestCluster.member))
      let leader = try await cluster.leader(among: [1, 2])
      _ = try await leader.write([1])
      let index = try await leader.write([66])
      guard case .failure(.stateMachine) = await cluster.end(of: 3) else {
        Issue.record("node 3 did not stop")
        return
      }
      #expect((cluster.node(3).metrics.applied?.index ?? 0) < index)
      await #expect(throws: ReadError.self) { try await cluster.node(3).read { $0.lines } }
      // With a machine that takes the command, a restart goes on.
      let again = try cluster.start(3)
      try await again.wait(for: .applied(atLeast: index), within: TestCluster.limit)
      #expect(try await again.lines().map(\.command) == [[1], [66]])
    }
  }

  @Test("A stopped node refuses everything with the reason")
  func stopped() async throws {
    try await withCluster { cluster in
      let node = try await cluster.form([1])
      await node.shutdown()
      await #expect(throws: WriteError.stopped(.shutdown)) { try await node.write([1]) }
      await #expect(throws: ReadError.stopped(.shutdown)) { try await node.linearizableRead() }
      await #expect(throws: BootstrapError.stopped(.shutdown)) {
        try await node.bootstrap(with: [TestCluster.member(1)])
      }
      let last = node.metrics
      await #expect(throws: WaitError.stopped(.shutdown, awaited: "state Leader", last)) {
        try await node.wait(for: .state(.leader), within: TestCluster.limit)
      }
      #expect(node.metrics.state == .shutdown)
    }
  }

  @Test("Cancelling the task that runs a node stops it gracefully")
  func cancellation() async throws {
    let cluster = TestCluster()
    let node = try cluster.start(1)
    try await node.bootstrap(with: [TestCluster.member(1)])
    _ = try await cluster.leader(among: [1])
    cluster.cancel(1)
    guard case .success = await cluster.end(of: 1) else {
      Issue.record("the run did not end well")
      return
    }
    #expect(node.metrics.failure == .shutdown)
  }
}
