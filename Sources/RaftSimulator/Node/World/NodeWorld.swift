import Raft

/// What all parts of a simulated run share: the executor, the seed's choices, the trace, and what
/// went wrong first.
///
/// Used on the simulating thread only, as everything in this folder is; that is what makes the
/// classes here safe to hand from task to task.
final class NodeWorld: @unchecked Sendable {
  let executor: SimulatedExecutor
  let trace: NodeTrace
  let scenario: Scenario
  let profile: NodeProfile
  /// The user's own machines, if the run is one of those.
  let guests: (any GuestWorkload)?
  /// Where choices come from that belong to no piece of the run.
  private var dice: Dice
  var coverage = Coverage()
  /// How many faults and requests have come before the troubles end.
  var pieces = PieceCounts()
  /// The fault that is being caused.
  private var fault: Int?
  /// Whether troubles come.
  var isChaotic = true
  /// The first rule that was broken, and when.
  private(set) var violation: Violation?
  /// Every command that was applied anywhere, by index.
  private var agreed: [AppliedCommand?] = []
  /// The state of the user's machines after each command, and which node was there first.
  private var states: [LogIndex: (state: String, node: NodeID)] = [:]

  init(
    executor: SimulatedExecutor, trace: NodeTrace, scenario: Scenario, profile: NodeProfile,
    guests: (any GuestWorkload)?
  ) {
    self.executor = executor
    self.trace = trace
    self.scenario = scenario
    self.profile = profile
    self.guests = guests
    self.dice = Dice(seed: scenario.seed ^ 0x5EED_0F_7E57)
  }

  var now: Int64 { self.executor.now }

  /// Something happened to all nodes.
  func note(
    _ kind: TraceRecord.Kind, _ text: @autoclosure () -> String,
    mark: @autoclosure () -> TraceMark? = nil
  ) {
    self.note(kind, nil, text(), mark: mark())
  }

  /// Something happened to a node.
  func note(
    _ kind: TraceRecord.Kind, _ node: NodeID?, peer: NodeID? = nil,
    _ text: @autoclosure () -> String, state: TraceRecord.NodeState? = nil,
    mark: @autoclosure () -> TraceMark? = nil
  ) {
    self.trace.note(
      kind, node, peer, { self.label(kind) + text() }, state: state, mark: mark,
      step: self.executor.steps, at: self.now)
  }

  /// The number by which a fault can be left out.
  private func label(_ kind: TraceRecord.Kind) -> String {
    kind == .fault ? self.fault.map { "fault \($0): " } ?? "" : ""
  }

  /// A rule is broken: the run ends.
  func fail(_ property: Property, _ evidence: String) {
    self.note(.fault, "\(property.rawValue) is broken: \(evidence)")
    guard self.violation == nil else { return }
    self.violation = Violation(
      property: property, evidence: evidence, scenario: self.scenario, step: self.executor.steps,
      time: self.now)
  }

  /// Waits for so many virtual nanoseconds.
  func sleep(for nanoseconds: Int64) async {
    await self.executor.wait(until: self.now + nanoseconds)
  }

  // MARK: Choices

  /// Numbers a fault, and causes it with dice of its own unless the scenario leaves it out.
  func play(_ number: Int, with dice: Dice, _ body: () -> Void) {
    guard self.scenario.faults.admits(number) else { return }
    let shared = self.dice
    self.dice = dice
    self.fault = number
    body()
    self.fault = nil
    self.dice = shared
  }

  func next() -> UInt64 { self.dice.next() }

  func draw(_ range: ClosedRange<Int64>) -> Int64 { self.dice.draw(range) }

  func draw(_ range: ClosedRange<Int>) -> Int { self.dice.number(in: range) }

  /// True in so many of a thousand cases.
  func happens(_ permille: Int) -> Bool { self.dice.happens(perMille: permille) }

  func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : self.dice.pick(elements)
  }

  /// A node stores entries: a witness positions alone, a replica everything.
  func noteStored(_ run: EntryRun, on id: NodeID) {
    let role = self.profile.role(of: id)
    if run.kind == .withheld { self.coverage.positionsWithheld += run.count }
    guard run.kind == (role == .witness ? .command : .withheld) else { return }
    self.fail(.wholeCopies, "node \(id), a \(role), stores \(run)")
  }

  // MARK: State-machine safety

  /// A machine applied a command: every machine must apply this one at this index.
  func noteApplied(_ command: AppliedCommand, on id: NodeID) {
    let place = Int(command.logID.index.rawValue)
    while self.agreed.count <= place { self.agreed.append(nil) }
    guard let known = self.agreed[place] else {
      self.agreed[place] = command
      self.coverage.commits += 1
      return
    }
    if known != command {
      self.fail(.stateMachineSafety, "node \(id) applied \(command), another one \(known)")
    }
  }

  /// The user's machine of a node is in this state after this entry: so must all others be.
  func noteState(_ state: String, after index: LogIndex, on id: NodeID) {
    guard let known = self.states[index] else {
      self.states[index] = (state, id)
      return
    }
    guard known.state != state else { return }
    self.fail(
      .stateMachineSafety,
      "after entry \(index) the machine of node \(id) is \(state), that of node \(known.node) "
        + "was \(known.state)")
  }
}

extension Dice {
  /// A number of this range.
  mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(self.below(Int(range.upperBound - range.lowerBound) + 1))
  }
}

/// A command at its place in the log.
struct AppliedCommand: Hashable {
  let logID: LogID
  let command: SimulatedCommand
}

extension AppliedCommand: CustomStringConvertible {
  var description: String { "\(self.command) as \(self.logID)" }
}
