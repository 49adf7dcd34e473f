import Raft
import RaftMemoryStore
import RaftStoreTesting

/// The stores of one server in a cluster of one, and what its log holds: the membership at 0, then
/// one command an index, whose only byte is the index.
struct LedgerStores: Sendable {
  let log: MemoryLogStore
  let snapshots = MemorySnapshotStore()

  static let leader = LeaderID(term: 1, node: 1)

  static func logID(_ index: LogIndex) -> LogID { LogID(leader: self.leader, index: index) }

  static func line(_ index: LogIndex) -> Ledger.Line {
    Ledger.Line(index: index, command: [UInt8(index.rawValue)])
  }

  static func lines(_ range: ClosedRange<LogIndex>) -> [Ledger.Line] { range.map(self.line) }

  /// A log of the entries 0 through the last.
  init(through last: LogIndex, members: [NodeID] = [1]) throws {
    self.log = MemoryLogStore(incarnation: Incarnation(7))
    let io = IOID(sequence: 1, vote: .initial, logID: nil)
    let ignored = IOCompletion(io: io) { _, _ in }
    let membership = try Membership(voters: members.map(TestCluster.member))
    _ = self.log.adopt(ClusterID(high: 1, low: 2), completion: ignored)
    _ = self.log.save(Vote(leader: Self.leader, isCommitted: true), completion: ignored)
    _ = self.log.append(
      EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: Self.leader, first: 0, count: 1, byteCount: 0, kind: .membership,
            timestamp: .epoch, membership: membership))),
      completion: ignored)
    for index in LogIndex(1)...last {
      _ = self.log.append(
        EntrySlice(
          EntryChunk(
            run: EntryRun(
              leader: Self.leader, first: index, count: 1, byteCount: 1, kind: .command,
              timestamp: .epoch),
            bytes: [UInt8(index.rawValue)], ends: [1])),
        completion: ignored)
    }
  }

  /// Stores a snapshot of the lines through this index.
  func snapshot(through index: LogIndex) async throws {
    var ledger = Ledger()
    for line in Self.lines(1...index) {
      _ = try await ledger.apply(
        line.command, in: ApplyContext(logID: Self.logID(line.index), timestamp: .epoch))
    }
    let membership = try Membership(voters: [TestCluster.member(1)])
    let meta = SnapshotMeta(
      lastLogID: Self.logID(index),
      membership: LoggedMembership(logID: Self.logID(0), membership: membership))
    let writer = try await self.snapshots.begin(meta)
    try await ledger.freeze().write(to: SnapshotSink(writer))
    _ = try await writer.commit()
  }

  /// A node over the stores, that nobody runs yet.
  func node<Machine: StateMachine>(
    _ machine: Machine, clock: PatientClock
  ) throws -> RaftNode<Machine> {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    return try RaftNode(
      id: 1, machine: machine, logStore: self.log, snapshotStore: self.snapshots,
      transport: ScriptedTransport(), configuration: configuration, clock: clock, seed: 1)
  }

  /// Runs a node over the stores while the body goes on, then stops it.
  ///
  /// - Returns: how the run ended.
  @discardableResult
  func live<Machine: StateMachine>(
    _ machine: Machine, _ body: (RaftNode<Machine>) async throws -> Void = { _ in }
  ) async throws -> Result<Void, NodeFailure> {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let node = try self.node(machine, clock: clock)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    do {
      try await body(node)
    } catch {
      await node.shutdown()
      _ = await run.value
      throw error
    }
    await node.shutdown()
    return await run.value
  }

  /// Runs a node over the stores that stops by itself; returns why.
  func failure<Machine: StateMachine>(_ machine: Machine) async throws -> NodeFailure? {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let node = try self.node(machine, clock: clock)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    return await run.value.failure
  }
}
