import Raft
import Testing

@Suite("What an operator sets off", .timeLimit(.minutes(5)))
struct TriggerTests {
  @Test("A voter that never stands by itself leads when it is told to stand")
  func stands() async throws {
    var configuration = TestCluster.configuration
    configuration.electionPriority = .never
    configuration.isHandoverAtShutdownEnabled = false
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      await cluster.stop(old.id)
      let node = cluster.node(others(than: old.id)[0])
      await #expect(throws: WaitError.self) {
        try await node.wait(for: .servingLeader, within: .milliseconds(600))
      }
      node.triggers.startElection(.atOnce)
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
    }
  }

  @Test("A follower told to stand at once waits for the end of its promise to a leader that speaks")
  func promised() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let follower = cluster.node(others(than: leader.id)[0])
      let term = leader.metrics.term
      follower.triggers.startElection(.atOnce)
      _ = try await leader.write([1])
      #expect(try await follower.withState { $0.state } == .follower)
      #expect(leader.metrics.term == term)
    }
  }

  @Test(
    "A log is purged by hand through the wished index, and a peer that needs it gets a snapshot")
  func purges() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let away = others(than: leader.id)[0]
      await cluster.stop(away)
      for number in 0..<10 as Range<UInt8> { _ = try await leader.write([number]) }
      let end = try #require(leader.metrics.applied?.index)
      leader.triggers.purgeLog(through: end)
      #expect(try await leader.withState { $0.purged } == nil)
      leader.triggers.buildSnapshot()
      try await leader.wait(for: .snapshot(atLeast: end), within: TestCluster.limit)
      #expect(leader.metrics.purged == nil)
      leader.triggers.purgeLog(through: end)
      #expect(try await leader.withState { $0.purged?.index } == end)
      let again = try cluster.start(away)
      try await again.wait(for: .snapshot(atLeast: end), within: TestCluster.limit)
      #expect(try await again.lines().count == 10)
    }
  }
}
