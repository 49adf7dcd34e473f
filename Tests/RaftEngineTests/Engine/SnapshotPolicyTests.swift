import RaftEngine
import Testing

@Suite("When snapshots are built")
struct SnapshotPolicyTests {
  private static func leader(
    _ change: (inout EngineConfiguration) -> Void
  ) -> Fixture {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.snapshotAfter = nil
    change(&configuration)
    return .leader(configuration: configuration)
  }

  /// One more entry is applied, of so many bytes.
  private func apply(_ byteCount: Int, on leader: inout Fixture) -> [Command] {
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(2)
    return leader.step(.applied(through: leader.engine.committed!, byteCount: byteCount))
  }

  private func built(_ leader: inout Fixture) -> [Command] {
    leader.step(
      .snapshotBuilt(
        SnapshotMeta(
          lastLogID: leader.engine.applied!, membership: leader.engine.membership.committed)))
  }

  @Test("After so many applied bytes, counted anew from each attempt")
  func bytes() {
    var leader = Self.leader { $0.snapshotAfterBytes = 100 }
    #expect(self.apply(60, on: &leader) == [])
    #expect(self.apply(40, on: &leader) == [.buildSnapshot])
    #expect(self.apply(60, on: &leader) == [])
    #expect(self.built(&leader) == [])
    #expect(self.apply(39, on: &leader) == [])
    #expect(self.apply(1, on: &leader) == [.buildSnapshot])
    // As many again after an attempt that failed.
    #expect(leader.step(.snapshotBuildFailed) == [])
    #expect(self.apply(99, on: &leader) == [])
    #expect(self.apply(1, on: &leader) == [.buildSnapshot])
  }

  @Test("So long after the last one, if anything was applied since")
  func time() {
    var leader = Self.leader { $0.snapshotInterval = 2000 * milliseconds }
    #expect(self.apply(1, on: &leader) == [])
    // The node started at zero.
    leader.time = 1999
    #expect(!leader.step(.elapsed).contains(.buildSnapshot))
    leader.time = 2000
    #expect(leader.engine.deadline <= leader.now)
    #expect(leader.step(.elapsed).contains(.buildSnapshot))
    #expect(self.built(&leader) == [])
    leader.time = 10_000
    #expect(!leader.step(.elapsed).contains(.buildSnapshot))
    _ = leader.acknowledge(2)
    #expect(self.apply(1, on: &leader).contains(.buildSnapshot))
  }

  @Test("A follower that nothing else wakes is woken for it")
  func wakes() {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.snapshotInterval = 5000 * milliseconds
    configuration.isElectionEnabled = false
    var follower = Fixture.follower(configuration: configuration)
    #expect(follower.engine.deadline == Instant(nanoseconds: 5000 * milliseconds))
    follower.time = 5000
    #expect(follower.step(.elapsed) == [.buildSnapshot])
    #expect(follower.engine.deadline == .distantFuture)
  }

  @Test("Whichever rule is met first decides")
  func first() {
    var leader = Self.leader {
      $0.snapshotAfter = 4
      $0.snapshotAfterBytes = 100
    }
    // Two entries are the fixture's own.
    #expect(self.apply(1, on: &leader) == [])
    #expect(self.apply(1, on: &leader) == [.buildSnapshot])
    #expect(self.built(&leader) == [])
    #expect(self.apply(100, on: &leader) == [.buildSnapshot])
  }
}
