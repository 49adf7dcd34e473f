import Raft
import RaftMemoryStore
import Testing

@Suite("Memberships in snapshots", .timeLimit(.minutes(5)))
struct SnapshotMembershipTests {
  @Test("Who was away while members changed learns of them from the snapshot")
  func overrides() async throws {
    var configuration = TestCluster.steady
    configuration.snapshotAfter = nil
    configuration.entriesKept = 0
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let away = others(than: leader.id)[0]
      await cluster.stop(away)
      try cluster.start(4)
      try await leader.addLearner(TestCluster.member(4))
      let last = try await leader.write([1])
      leader.triggers.buildSnapshot()
      try await leader.wait(for: .snapshot(atLeast: last), within: TestCluster.limit)
      leader.triggers.purgeLog(through: last)
      try await leader.wait(for: .purged(atLeast: last), within: TestCluster.limit)
      let again = try cluster.start(away)
      try await again.wait(for: .snapshot(atLeast: last), within: TestCluster.limit)
      #expect(again.learnerIDs == [4])
      #expect(again.voterIDs == [1, 2, 3])
      #expect(try await again.lines().map(\.command) == [[1]])
    }
  }

  @Test("A second snapshot goes on with the membership of the first, if none was written since")
  func carriedOn() async throws {
    var configuration = TestCluster.steady
    configuration.snapshotAfter = nil
    configuration.entriesKept = 0
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1])
      var memberships: [LoggedMembership] = []
      for number in 0..<2 {
        let last = try await leader.write([UInt8(number)])
        leader.triggers.buildSnapshot()
        try await leader.wait(for: .snapshot(atLeast: last), within: TestCluster.limit)
        try await leader.wait(for: .purged(atLeast: last), within: TestCluster.limit)
        let snapshot = try await cluster.snapshots(of: 1).latest()
        memberships.append(try #require(snapshot).meta.membership)
      }
      #expect(memberships[0] == memberships[1])
      #expect(memberships[0].membership?.voters == [1])
      await cluster.stop(1)
      try cluster.start(1)
      let again = try await cluster.leader(among: [1])
      #expect(try await again.lines().map(\.command) == [[0], [1]])
    }
  }
}
