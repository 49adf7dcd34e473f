/// The operations on one register up to a point of a history, as the search needs them.
///
/// Operations that failed, and reads without an answer, place no demand on the order; they are
/// left out. A write of unknown outcome is dropped if nothing shows its effect, and if an answer
/// shows it and no other write can have been seen, it must take effect before that answer; this
/// keeps the number of free choices small in long histories with many unknown outcomes.
struct KeyHistory {
  /// One operation.
  struct Step {
    /// What it does to the register.
    enum Effect: Hashable {
      /// It holds what was found, and stays as it is.
      case observe(RegisterState)
      /// It holds what the compare-and-set expects, and stays as it is: this cannot be.
      case misjudge(RegisterState)
      /// It is set, whatever it held.
      case write(UInt64)
      /// It is set, if it is as expected.
      case swap(ClientOperation.Expectation, UInt64)
    }

    let id: ClientOperation.ID
    let effect: Effect
    /// The event that asked.
    let invoked: Int
    /// Twice the event by which it must have taken effect, plus one if that is its own end;
    /// `nil` if there is none.
    var deadline: Int?
    /// Whether it took effect for certain.
    var isRequired: Bool
    /// For a change: the version that it gave to the register, if that is known.
    var version: UInt64?

    /// The value that a change leaves behind; `nil` for an observation.
    var written: UInt64? {
      switch self.effect {
      case .observe, .misjudge: nil
      case .write(let value), .swap(_, let value): value
      }
    }
  }

  /// The steps that must be placed in the order they were asked, then those that may be.
  private(set) var steps: [Step] = []
  /// How many steps must be placed.
  private(set) var requiredCount = 0

  /// What the operations, all on one key, amount to after this many events of the history.
  init(of operations: [ClientOperation], upTo eventCount: Int) {
    self.steps = operations.compactMap { Self.step(of: $0, upTo: eventCount) }
    self.tighten()
    self.dropInvisible()
    let required = self.steps.filter(\.isRequired)
    self.requiredCount = required.count
    self.steps = required + self.steps.filter { !$0.isRequired }
  }

  /// An operation as a step, unless it places no demand.
  static func step(of operation: ClientOperation, upTo eventCount: Int) -> Step? {
    guard operation.invocation < eventCount else { return nil }
    let hasEnded = operation.end.map { $0 < eventCount } ?? false
    let answer: ClientOperation.Answer?
    switch hasEnded ? operation.outcome : .pending {
    case .failed: return nil
    case .succeeded(let told): answer = told
    case .pending, .unknown: answer = nil
    }
    let effect: Step.Effect
    var version: UInt64?
    switch (operation.action, answer) {
    case (.compareAndSet(let expectation, _), .mismatched(let found)):
      effect = expectation.holds(in: found) ? .misjudge(found) : .observe(found)
    case (_, .read(let found)), (_, .mismatched(let found)): effect = .observe(found)
    case (.read, _): return nil
    case (.write(let value), _): effect = .write(value)
    case (.compareAndSet(let expectation, let value), _): effect = .swap(expectation, value)
    }
    if case .written(let told) = answer { version = told }
    return Step(
      id: operation.id, effect: effect, invoked: operation.invocation,
      deadline: answer == nil ? nil : operation.end.map { 2 * $0 + 1 }, isRequired: answer != nil,
      version: version)
  }

  /// Lets every write that must have been seen take effect before the answer that shows it.
  private mutating func tighten() {
    let writers = Dictionary(grouping: self.steps.indices) { self.steps[$0].written }
    let states = KnownVersions(in: self.steps)
    var toVisit = self.steps.indices.filter { self.steps[$0].isRequired }
    while let observer = toVisit.popLast() {
      guard let deadline = self.steps[observer].deadline,
        let seen = states.stateBefore(self.steps[observer]), let value = seen.value,
        let candidates = writers[value], candidates.count == 1, let writer = candidates.first,
        writer != observer, 2 * self.steps[writer].invoked < deadline
      else { continue }
      if self.steps[writer].version == nil { self.steps[writer].version = seen.version }
      let before = deadline & ~1
      guard self.steps[writer].deadline.map({ $0 > before }) ?? true else { continue }
      self.steps[writer].deadline = before
      self.steps[writer].isRequired = true
      toVisit.append(writer)
    }
  }

  /// Removes changes of unknown outcome whose effect nothing can show.
  private mutating func dropInvisible() {
    let states = KnownVersions(in: self.steps)
    var visible: Set<UInt64> = []
    var waiting = self.steps.filter { !$0.isRequired }
    var toVisit = self.steps.filter(\.isRequired)
    while let step = toVisit.popLast() {
      if case .swap(.version(let version), _) = step.effect, version > 0,
        states.value(of: version) == nil
      {
        return  // This version may belong to any of them.
      }
      guard let value = states.stateBefore(step)?.value, visible.insert(value).inserted else {
        continue
      }
      toVisit += waiting.filter { $0.written == value }
      waiting.removeAll { $0.written == value }
    }
    let dropped = Set(waiting.map(\.id))
    self.steps.removeAll { dropped.contains($0.id) }
  }
}

/// Which value belongs to which version of a register, as far as answers tell.
struct KnownVersions {
  private var values: [UInt64: UInt64] = [:]

  /// Collects what the answers of these steps tell.
  init(in steps: [KeyHistory.Step]) {
    for step in steps where step.isRequired {
      if case .observe(let found) = step.effect, let value = found.value {
        found.version.map { self.values[$0] = value }
      } else if let version = step.version, let value = step.written {
        self.values[version] = value
      }
    }
  }

  /// The value that the register had at this version; `nil` if no answer tells.
  func value(of version: UInt64) -> UInt64? {
    self.values[version]
  }

  /// What the register held right before a step for certain; `nil` if that is not known.
  func stateBefore(_ step: KeyHistory.Step) -> RegisterState? {
    switch step.effect {
    case .observe(let found), .misjudge(let found): found
    case .write: nil
    case .swap(.value(let value), _): RegisterState(value: value)
    case .swap(.version(0), _): .absent
    case .swap(.version(let version), _):
      self.values[version].map { RegisterState(value: $0, version: version) }
    }
  }
}
