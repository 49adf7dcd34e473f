import Raft
import RaftMemoryStore
import Testing

@Suite("Waiting until a restarted node shows what it showed before", .timeLimit(.minutes(5)))
struct RecoveryWaitTests {
  @Test("The only voter is as it was before when the wait is over")
  func alone() async throws {
    try await withCluster { cluster in
      var node = try await cluster.form([1])
      for number in 0..<5 as Range<UInt8> { _ = try await node.write([number]) }
      await cluster.stop(1)
      node = try cluster.start(1)
      let metrics = try await node.waitForRecovery(within: TestCluster.limit)
      #expect((metrics.applied?.index).nextIndex >= 7)
      #expect(try await node.lines().count == 5)
    }
  }

  @Test("A follower is not taken for recovered by what its own disk says, before it hears a leader")
  func follower() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let last = try await leader.write([1])
      let id = others(than: leader.id)[0]
      try await cluster.node(id).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await cluster.stop(id)
      cluster.network.isolate(id)
      let again = try cluster.start(id)
      // All of it is committed by its own notes.
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await #expect(throws: WaitError.self) {
        try await again.waitForRecovery(within: .milliseconds(300))
      }
      cluster.network.heal()
      try await again.waitForRecovery(within: TestCluster.limit)
      #expect(try await again.lines().map(\.command) == [[1]])
    }
  }

  @Test("A follower waits for what the first leader that it hears has committed")
  func catchesUp() async throws {
    try await withSoloNode(try SoloNode()) { solo, _ in
      await solo.serve()
      let wait = outcome { () async throws(WaitError) in
        try await solo.node.waitForRecovery(within: TestCluster.limit)
      }
      // The leader looks for the place where the logs part, and has committed far more.
      _ = try await solo.node.respond(to: ScriptedLeader.append([], after: 20, committed: 50))
      _ = try await solo.node.respond(
        to: ScriptedLeader.append(
          [ScriptedLeader.entries(from: 0, count: 30)], after: nil, committed: 50))
      try await solo.node.wait(for: .applied(atLeast: 29), within: TestCluster.limit)
      _ = try await solo.node.respond(
        to: ScriptedLeader.append(
          [ScriptedLeader.entries(from: 30, count: 21)], after: 29, committed: 50))
      #expect(try #require(try await wait.value.get().applied).index == 50)
    }
  }

  @Test("Entries that were never committed and are gone do not hold up the wait")
  func replacedTail() async throws {
    var configuration = TestCluster.configuration
    configuration.abandonWritesAfter = .milliseconds(300)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      cluster.network.isolate(old.id)
      await #expect(throws: WriteError.outcomeUnknown) {
        try await old.write(contentsOf: (0..<20).map { [$0] })
      }
      let end = try #require(old.metrics.lastLogID?.index)
      await cluster.stop(old.id)
      _ = try await cluster.leader(among: others(than: old.id))
      cluster.network.heal()
      let again = try cluster.start(old.id)
      let metrics = try await again.waitForRecovery(within: TestCluster.limit)
      #expect(try #require(metrics.lastLogID?.index) < end)
      #expect(try await again.lines() == [])
    }
  }
}
