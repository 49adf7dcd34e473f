public import Raft

/// What every state machine must do, held against machines of one type.
///
/// ```swift
/// let suite = StateMachineSuite(
///   makingMachine: { KeyValues() },
///   makingCommand: { number in .set(key: "k\(number % 7)", value: "\(number)") },
///   observing: { machine in machine.values })
///
/// @Test(arguments: suite.cases)
/// func conforms(_ rule: StateMachineCase) async throws { try await rule.run() }
/// ```
public struct StateMachineSuite<Machine: StateMachine, State: Equatable & Sendable>: Sendable {
  private let bench: MachineBench<Machine, State>

  /// A suite for machines that these closures make and look at.
  ///
  /// - Parameters:
  ///   - makingMachine: makes a machine in its first state, always the same.
  ///   - makingCommand: makes the command with this number, from 0 on. The first fifty should
  ///     touch every part of the state, and change it.
  ///   - observing: gives all of a machine's state in a form that can be compared.
  public init(
    makingMachine: @escaping @Sendable () async throws -> Machine,
    makingCommand: @escaping @Sendable (Int) -> Machine.Command,
    observing: @escaping @Sendable (Machine) async throws -> State
  ) {
    self.bench = MachineBench(
      makingMachine: makingMachine, makingCommand: makingCommand, observing: observing)
  }

  /// The cases.
  public var cases: [StateMachineCase] {
    self.applying + self.freezing + self.restoring + self.failing
  }

  private var applying: [StateMachineCase] {
    let bench = self.bench
    return [
      StateMachineCase(
        "Commands change the state, so that the suite sees something",
        contract: "apply changes the state; the suite's closures show it"
      ) {
        let fresh = try await bench.observe(bench.machine(after: 0))
        let changed = try await bench.observe(bench.machine(after: 50))
        guard changed == fresh else { return }
        throw Deviation(
          expected: "another state after fifty commands than before", found: "the same")
      },
      StateMachineCase(
        "A single command has the same effect on every machine", contract: Self.determined
      ) {
        let one = try await bench.observe(bench.machine(after: 1))
        let other = try await bench.observe(bench.machine(after: 1))
        try expect(other, is: one, "state after one command")
      },
      StateMachineCase(
        "Many commands have the same effect on every machine", contract: Self.determined
      ) {
        let one = try await bench.observe(bench.machine(after: 50))
        let other = try await bench.observe(bench.machine(after: 50))
        try expect(other, is: one, "state after fifty commands")
      },
    ]
  }

  private var freezing: [StateMachineCase] {
    let bench = self.bench
    return [
      StateMachineCase(
        "Freezing leaves the state as it is", contract: "freeze takes the state as it is now"
      ) {
        var machine = try await bench.machine(after: 25)
        let before = try await bench.observe(machine)
        _ = try await bench.snapshot(of: machine.freeze(), after: 25)
        try expect(try await bench.observe(machine), is: before, "state after freezing")
      },
      StateMachineCase(
        "A frozen state does not see later commands",
        contract: "the frozen state is written out while apply goes on"
      ) {
        var machine = try await bench.machine(after: 25)
        let before = try await bench.observe(machine)
        let frozen = try await machine.freeze()
        try await bench.apply(25..<50, to: &machine)
        let snapshot = try await bench.snapshot(of: frozen, after: 25)
        let restored = try await bench.machine(restoredFrom: snapshot)
        try expect(
          try await bench.observe(restored), is: before, "state restored from what was frozen")
      },
    ]
  }

  private var restoring: [StateMachineCase] {
    let bench = self.bench
    return [
      StateMachineCase(
        "A snapshot restores the state on another machine", contract: Self.replaced
      ) { try await bench.expectRestored(after: 50) },
      StateMachineCase(
        "A snapshot of the first state restores that state", contract: Self.replaced
      ) { try await bench.expectRestored(after: 0) },
      StateMachineCase(
        "Restoring leaves nothing of the state before", contract: Self.replaced
      ) {
        var source = try await bench.machine(after: 1)
        let snapshot = try await bench.snapshot(of: source.freeze(), after: 1)
        var machine = try await bench.machine(after: 50)
        try await machine.restore(from: snapshot.meta, reading: snapshot.read())
        try expect(
          try await bench.observe(machine), is: try await bench.observe(source),
          "state of a machine that had another one")
      },
      StateMachineCase(
        "A restored machine goes on like the one that was frozen", contract: Self.determined
      ) {
        var source = try await bench.machine(after: 25)
        let snapshot = try await bench.snapshot(of: source.freeze(), after: 25)
        var restored = try await bench.machine(restoredFrom: snapshot)
        try await bench.apply(25..<50, to: &source)
        try await bench.apply(25..<50, to: &restored)
        try expect(
          try await bench.observe(restored), is: try await bench.observe(source),
          "state after 25 more commands")
      },
      StateMachineCase(
        "Content is understood in pieces of any size",
        contract: "a reader gives the content piece by piece, cut anywhere"
      ) {
        for size in [1, 7, 1 << 30] { try await bench.expectRestored(after: 50, by: size) }
      },
    ]
  }

  private var failing: [StateMachineCase] {
    let bench = self.bench
    return [
      StateMachineCase(
        "Restoring from content that breaks off fails",
        contract: "an error of the reader is an error of restore"
      ) {
        var source = try await bench.machine(after: 50)
        let content = try await bench.content(of: source.freeze(), after: 50)
        let reader = BreakingReader(content.bytes)
        var machine = try await bench.machine(after: 0)
        do {
          try await machine.restore(from: content.meta, reading: reader)
        } catch {
          return
        }
        guard reader.hasThrown else { return }
        throw Deviation(
          expected: "an error, since the reader threw one", found: "a successful return")
      },
      StateMachineCase(
        "Writing to a sink that refuses fails",
        contract: "an error of the sink is an error of write; the snapshot is abandoned"
      ) {
        var machine = try await bench.machine(after: 50)
        let frozen = try await machine.freeze()
        let writer = RefusingWriter()
        do {
          try await frozen.write(to: SnapshotSink(writer))
        } catch {
          return
        }
        guard writer.hasThrown else { return }
        throw Deviation(
          expected: "an error, since the sink threw one", found: "a successful return")
      },
    ]
  }

  private static var determined: String {
    "the effect of a command depends on nothing but the state, the command and its context"
  }

  private static var replaced: String { "restore replaces the state by that of the snapshot" }
}
