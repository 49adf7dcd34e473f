public import Raft

/// A state machine to be simulated: how it is made, what clients ask of it, and what must be true.
///
/// In a run every node carries a machine. Clients give it commands while nodes crash, restart from
/// snapshots, lose messages and fall behind. After each applied entry the state of the machine must
/// be the one that every other machine had after this entry, in whatever way it came there: by
/// applying everything, or from a snapshot.
///
/// ```swift
/// let workload = MachineWorkload(
///   machine: { _ in Counter() },
///   command: { chance in UInt64(chance.number(in: 1...9)) },
///   state: { "\($0.total)" })
/// ```
///
/// The closures are called on the simulating thread. They, and the machine, may use no clock, no
/// thread and no chance but the one that they are given: work that leaves the thread ends the run
/// as a violation.
public struct MachineWorkload<Machine: StateMachine>: Sendable {
  let machine: @Sendable (NodeID) -> Machine
  let command: @Sendable (inout Chance) -> Machine.Command
  let state: @Sendable (Machine) -> String
  let invariant: @Sendable (Machine) -> String?
  let judgement: @Sendable (Machine, [Machine.Command]) -> String?

  /// A workload.
  ///
  /// - Parameters:
  ///   - machine: Makes the machine of a node that starts, without any state.
  ///   - command: Draws what a client asks for next.
  ///   - state: The whole state in words; equal exactly for equal states. It is asked for after
  ///     every entry, so it should be short.
  ///   - invariant: What is wrong with a machine that has just applied a command; `nil` if nothing.
  ///   - judgement: What is wrong with a machine that has applied these commands and no others, in
  ///     this order; `nil` if nothing. Asked once, at the end, to compare with a model.
  public init(
    machine: @escaping @Sendable (NodeID) -> Machine,
    command: @escaping @Sendable (inout Chance) -> Machine.Command,
    state: @escaping @Sendable (Machine) -> String,
    invariant: @escaping @Sendable (Machine) -> String? = { _ in nil },
    judgement: @escaping @Sendable (Machine, [Machine.Command]) -> String? = { _, _ in nil }
  ) {
    self.machine = machine
    self.command = command
    self.state = state
    self.invariant = invariant
    self.judgement = judgement
  }
}

extension MachineWorkload: GuestWorkload {
  func command(_ chance: Chance) -> [UInt8] {
    var chance = chance
    var writer = PayloadWriter()
    Machine.encode(self.command(&chance), into: &writer)
    return writer.bytes
  }

  func guest(of node: NodeID) -> any Guest {
    MachineGuest(workload: self, machine: self.machine(node))
  }
}
