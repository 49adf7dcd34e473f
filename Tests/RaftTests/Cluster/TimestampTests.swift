import Raft
import RaftMemoryStore
import Testing

@Suite("The stamps of entries")
struct TimestampTests {
  @Test("A node that has nothing but a snapshot goes on from the stamp of its last entry")
  func snapshotKeepsStamp() async throws {
    let stamp = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    let last = LogID(term: 2, node: 1, index: 9)
    let log = MemoryLogStore()
    let snapshots = MemorySnapshotStore()
    let writer = try await snapshots.begin(
      SnapshotMeta(lastLogID: last, membership: .none, timestamp: stamp))
    _ = try await writer.commit()
    log.purge(through: last)
    let recovery = try await Recovery(logStore: log, snapshotStore: snapshots)
    #expect(recovery.engine.lastTimestamp == stamp)
  }

  @Test("A snapshot states the stamp of the last entry that it contains")
  func builtSnapshot() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1])
      let last = try await leader.write([1])
      leader.triggers.buildSnapshot()
      try await leader.wait(for: .snapshot(atLeast: last), within: TestCluster.limit)
      let meta = try #require(try await cluster.snapshots(of: 1).latest()).meta
      let stamps = try await leader.read { $0.stamps }
      #expect(meta.timestamp == stamps.last)
      #expect(meta.timestamp > .epoch)
    }
  }
}
