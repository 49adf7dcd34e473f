import Raft
import Testing

@Suite("Clusters in one process build, purge and send snapshots")
struct SnapshotTests {
  static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = 20
    configuration.entriesKept = 5
    return configuration
  }

  @Test("A snapshot is built by policy, and the log behind it is purged but for what is kept")
  func policy() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1])
      for number in 0..<30 { _ = try await leader.write([UInt8(number)]) }
      let metrics = try await leader.wait(for: .snapshot(atLeast: 19), within: TestCluster.limit)
      let snapshot = try #require(metrics.snapshot)
      try await leader.wait(
        for: .purged(atLeast: LogIndex(snapshot.index.rawValue - 5)), within: TestCluster.limit)
    }
  }

  @Test("A learner behind the purged log gets a snapshot, then the rest")
  func learner() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1])
      for number in 0..<50 { _ = try await leader.write([UInt8(number)]) }
      try await leader.wait(for: .purged(atLeast: 10), within: TestCluster.limit)
      try cluster.start(2)
      try await leader.addLearner(TestCluster.member(2))
      let last = try await leader.write([50])
      try await cluster.node(2).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await cluster.node(2).lines().map(\.command) == (0...50).map { [UInt8($0)] })
      #expect(cluster.node(2).metrics.snapshot != nil)
    }
  }

  @Test("A follower that was away while the log was purged catches up by a snapshot")
  func laggingFollower() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let away = others(than: leader.id)[0]
      await cluster.stop(away)
      for number in 0..<60 { _ = try await leader.write([UInt8(number)]) }
      try await leader.wait(for: .purged(atLeast: 20), within: TestCluster.limit)
      let again = try cluster.start(away)
      let last = try await leader.write([60])
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await again.lines().map(\.command) == (0...60).map { [UInt8($0)] })
    }
  }

  @Test("A node restarts from its snapshot and the log behind it, and applies nothing twice")
  func restart() async throws {
    try await withCluster(Self.configuration) { cluster in
      let leader = try await cluster.form([1])
      for number in 0..<33 { _ = try await leader.write([UInt8(number)]) }
      try await leader.wait(for: .snapshot(atLeast: 19), within: TestCluster.limit)
      await cluster.stop(1)
      try cluster.start(1)
      let again = try await cluster.leader(among: [1])
      #expect(try await again.lines().map(\.command) == (0..<33).map { [UInt8($0)] })
    }
  }

  @Test("A snapshot on demand contains everything applied, once")
  func trigger() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1])
      let last = try await leader.write([1])
      leader.triggers.buildSnapshot()
      leader.triggers.buildSnapshot()
      let metrics = try await leader.wait(for: .snapshot(atLeast: last), within: TestCluster.limit)
      #expect(metrics.snapshot?.index == last)
    }
  }
}
