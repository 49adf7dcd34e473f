import Raft

/// What all parts of a simulated run share: the executor, the seed's choices, the trace, and what
/// went wrong first.
///
/// Used on the simulating thread only, as everything in this folder is; that is what makes the
/// classes here safe to hand from task to task.
final class NodeWorld: @unchecked Sendable {
  let executor: SimulatedExecutor
  let trace: NodeTrace
  let profile: NodeProfile
  /// Where the scenario's choices come from.
  var random: SeededGenerator
  var tally = NodeTally()
  /// The first rule that was broken.
  private(set) var violation: String?
  /// Every command that was applied anywhere, by index.
  private var agreed: [AppliedCommand?] = []

  init(executor: SimulatedExecutor, trace: NodeTrace, profile: NodeProfile, seed: UInt64) {
    self.executor = executor
    self.trace = trace
    self.profile = profile
    self.random = SeededGenerator(seed: seed ^ 0x5EED_0F_7E57)
  }

  var now: Int64 { self.executor.now }

  func note(_ text: String) {
    self.trace.note(text, at: self.now)
  }

  /// A rule is broken: the run ends.
  func fail(_ reason: String) {
    self.note("VIOLATION \(reason)")
    if self.violation == nil { self.violation = reason }
  }

  /// Waits for so many virtual nanoseconds.
  func sleep(for nanoseconds: Int64) async {
    await self.executor.wait(until: self.now + nanoseconds)
  }

  // MARK: Choices

  func draw(_ range: ClosedRange<Int64>) -> Int64 {
    Int64.random(in: range, using: &self.random)
  }

  func draw(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self.random)
  }

  /// True in so many of a thousand cases.
  func happens(_ permille: Int) -> Bool {
    permille > 0 && self.draw(0...999) < permille
  }

  func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[self.draw(0...(elements.count - 1))]
  }

  // MARK: State-machine safety

  /// A machine applied a command: every machine must apply this one at this index.
  func noteApplied(_ command: AppliedCommand, on id: NodeID) {
    let place = Int(command.logID.index.rawValue)
    while self.agreed.count <= place { self.agreed.append(nil) }
    guard let known = self.agreed[place] else {
      self.agreed[place] = command
      self.tally.committed += 1
      return
    }
    if known != command {
      self.fail("state-machine safety: node \(id) applied \(command), another one \(known)")
    }
  }
}

/// A command at its place in the log.
struct AppliedCommand: Hashable {
  let logID: LogID
  let command: SimulatedCommand
}
