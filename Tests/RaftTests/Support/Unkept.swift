import Raft

/// A machine whose snapshots are empty, for tests that look at none.
protocol Unkept: StateMachine {}

extension Unkept {
  mutating func freeze() async throws -> any FrozenState { NoState() }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {}
}

private struct NoState: FrozenState {
  func write(to sink: SnapshotSink) async throws {}
}
