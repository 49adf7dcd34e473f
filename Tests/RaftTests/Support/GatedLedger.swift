import Raft

/// A ledger that applies nothing while its gate is closed.
struct GatedLedger: StateMachine {
  let gate: Gate
  private(set) var ledger = Ledger()

  init(_ gate: Gate, poison: [UInt8]? = nil) {
    self.gate = gate
    self.ledger.poison = poison
  }

  static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
    Ledger.encode(command, into: &writer)
  }

  static func decode(_ payload: PayloadReader) throws -> [UInt8] { payload.bytes }

  mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> LogIndex {
    await self.gate.pass()
    return try await self.ledger.apply(command, in: context)
  }

  mutating func freeze() async throws -> any FrozenState { try await self.ledger.freeze() }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    try await self.ledger.restore(from: snapshot, reading: content)
  }
}
