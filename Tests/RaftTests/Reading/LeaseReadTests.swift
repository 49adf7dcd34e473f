import Raft
import RaftMemoryStore
import Testing

@Suite("Reads by lease beside reads that ask", .timeLimit(.minutes(5)))
struct LeaseReadTests {
  /// Heartbeats so rare that none is sent for its own sake.
  private static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.heartbeatInterval = .seconds(20)
    configuration.electionTimeoutMin = .seconds(50)
    configuration.electionTimeoutMax = .seconds(60)
    configuration.readTimeout = .milliseconds(200)
    configuration.isHandoverAtShutdownEnabled = false
    return configuration
  }

  @Test("A lease answers without a message, and a read index asks the quorum")
  func messages() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let last = try await leader.write([1])
      for id: NodeID in [1, 2, 3] {
        try await cluster.node(id).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      }
      let notebook = MeasuringTests.Notebook()
      leader.setMetricsRecorder(notebook)
      _ = try await leader.withState { $0 }
      for _ in 0..<5 { try await leader.linearizableRead(.lease) }
      #expect(notebook.notes.counters[.heartbeats] == nil)
      try await leader.linearizableRead(.readIndex)
      _ = try await leader.withState { $0 }
      #expect((notebook.notes.counters[.heartbeats] ?? 0) > 0)
    }
  }

  @Test("Without its quorum a leader reads by a lease that holds, and in no other way")
  func isolated() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let last = try await leader.write([1])
      cluster.network.isolate(leader.id)
      try await leader.linearizableRead(.lease)
      #expect(try await leader.lines().map(\.index) == [last])
      let start = cluster.now
      await #expect(throws: ReadError.noQuorum(heard: [leader.id])) {
        try await leader.linearizableRead(.readIndex)
      }
      // Its time is over long before the next heartbeat.
      #expect(start.nanoseconds(to: cluster.now) < 2_000_000_000)
    }
  }

  @Test("The last word of a quorum is newer after each round, and stands still without one")
  func acknowledgement() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      var times: [Timestamp] = []
      for _ in 0..<3 {
        let since = leader.metrics.quorumAcknowledgedAt ?? .epoch
        try await leader.linearizableRead()
        let metrics = try await leader.wait(
          for: .quorumAcknowledged(since: since), within: TestCluster.limit)
        times.append(try #require(metrics.quorumAcknowledgedAt))
      }
      #expect(times == times.sorted())
      cluster.network.isolate(leader.id)
      let metrics = try await leader.wait(
        for: WaitCondition("no quorum") { !$0.hasQuorumContact }, within: TestCluster.limit)
      let later = try await leader.withState { $0.quorumAcknowledgedAt }
      #expect(later == metrics.quorumAcknowledgedAt)
    }
  }
}
