import Raft

/// What a run must know of a workload, whatever its machine.
protocol GuestWorkload: Sendable {
  /// An encoded command, drawn by this chance.
  func command(_ chance: Chance) -> [UInt8]

  /// The machine of a node that starts.
  func guest(of node: NodeID) -> any Guest
}

/// A machine of the caller's own within a simulated one.
protocol Guest: Sendable {
  /// The whole state in words.
  var state: String { get }

  /// The fingerprint of the state, if the machine offers one.
  var digest: UInt64? { get }

  /// Applies an encoded command; returns what is wrong afterwards.
  mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> String?

  mutating func freeze() async throws -> any FrozenState

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws

  /// What is wrong with the machine after exactly these commands.
  func judgement(of commands: [SimulatedCommand]) -> String?
}

/// The guest that carries a machine of this type.
struct MachineGuest<Machine: StateMachine>: Guest {
  let workload: MachineWorkload<Machine>
  var machine: Machine

  var state: String { self.workload.state(self.machine) }

  var digest: UInt64? { self.machine.digest }

  mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> String? {
    _ = try await self.machine.apply(
      try Machine.decode(PayloadReader(command[...])), in: context)
    return self.workload.invariant(self.machine)
  }

  mutating func freeze() async throws -> any FrozenState {
    try await self.machine.freeze()
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    try await self.machine.restore(from: snapshot, reading: content)
  }

  func judgement(of commands: [SimulatedCommand]) -> String? {
    do {
      let own = try commands.map { try Machine.decode(PayloadReader($0.guest[...])) }
      return self.workload.judgement(self.machine, own)
    } catch {
      return "a command cannot be decoded: \(error)"
    }
  }
}
