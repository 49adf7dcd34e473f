import Raft
import RaftMemoryStore
import RaftStoreTesting
import Testing

@Suite("While a snapshot is built", .timeLimit(.minutes(5)))
struct BuildingTests {
  /// A ledger whose snapshots are written only when the gate is open.
  private struct SlowLedger: StateMachine {
    let gate: Gate
    private(set) var ledger = Ledger()

    init(_ gate: Gate) { self.gate = gate }

    static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
      Ledger.encode(command, into: &writer)
    }

    static func decode(_ payload: PayloadReader) throws -> [UInt8] { payload.bytes }

    mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> LogIndex {
      try await self.ledger.apply(command, in: context)
    }

    mutating func freeze() async throws -> any FrozenState {
      Frozen(gate: self.gate, state: try await self.ledger.freeze())
    }

    mutating func restore(
      from snapshot: SnapshotMeta, reading content: any SnapshotReader
    ) async throws {
      try await self.ledger.restore(from: snapshot, reading: content)
    }

    struct Frozen: FrozenState {
      let gate: Gate
      let state: any FrozenState

      func write(to sink: SnapshotSink) async throws {
        await self.gate.pass()
        try await self.state.write(to: sink)
      }
    }
  }

  @Test("Commands are stored, applied and read, and the snapshot does not contain them")
  func goesOn() async throws {
    let gate = Gate()
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let snapshots = MemorySnapshotStore()
    let node = try RaftNode(
      id: 1, machine: SlowLedger(gate), logStore: MemoryLogStore(), snapshotStore: snapshots,
      transport: InProcessNetwork().transport(for: 1), configuration: configuration, clock: clock,
      seed: 1)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    try await node.bootstrap(with: [TestCluster.member(1)])
    try await node.wait(for: .servingLeader, within: TestCluster.limit)
    let first = try await node.write([1])
    node.triggers.buildSnapshot()
    await gate.reached()
    for number in 2..<20 { _ = try await node.write([UInt8(number)]) }
    #expect(try await node.read { $0.ledger.lines.count } == 19)
    #expect(node.metrics.snapshot == nil)
    gate.open()
    let metrics = try await node.wait(for: .snapshot(atLeast: first), within: TestCluster.limit)
    #expect(metrics.snapshot?.index == first)
    #expect(try await snapshots.latest()?.meta.lastLogID.index == first)
    await node.shutdown()
    #expect(await run.value.failure == nil)
  }

  @Test("Without a rule no snapshot is built, however much is applied")
  func never() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1])
      for number in 0..<50 {
        _ = try await leader.write(contentsOf: Array(repeating: [UInt8(number)], count: 100))
      }
      let metrics = try await leader.wait(
        for: .applied(atLeast: 5001), within: TestCluster.limit)
      #expect(metrics.applied?.index == 5001)
      #expect(metrics.snapshot == nil)
      let latest = try await cluster.snapshots(of: 1).latest()
      #expect(latest == nil)
    }
  }
}
