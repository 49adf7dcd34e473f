import Raft

/// What must be true of a run's calls, given what was applied in the end.
struct NodeChecks {
  private let lines: [SimulatedMachine.Line]
  private let calls: [CallBook.Call]
  /// Where each value stands in the lines.
  private let places: [UInt64: Int]

  /// Looks at the commands that the cluster agreed on, and the calls.
  init(lines: [SimulatedMachine.Line], calls: [CallBook.Call]) {
    self.lines = lines
    self.calls = calls
    self.places = Dictionary(
      lines.enumerated().map { ($1.command.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The first rule that is broken; `nil` if none is.
  func violation() -> Finding? {
    if self.places.count != self.lines.count {
      let twice = self.lines.enumerated().first { self.places[$1.command.value] != $0 }
      return Finding(.clientOracle, "\(twice?.element.command.description ?? "") was applied twice")
    }
    for call in self.calls {
      if let broken = self.brokenPromise(of: call) {
        return Finding(.clientOracle, "\(broken): \(call)")
      }
    }
    return self.phantom().map { Finding(.clientOracle, $0) }
      ?? self.disorder().map { Finding(.linearizability, $0) }
  }

  // MARK: Promises

  private func brokenPromise(of call: CallBook.Call) -> String? {
    switch (call.wish, call.outcome) {
    case (_, .pending):
      return "never answered"
    case (.write(let commands), .written(let responses)):
      return self.lost(commands, responses)
    case (.write(let commands), .refused):
      let applied = commands.first { self.places[$0.value] != nil }
      return applied.map { "promised not to take effect, but \($0) did" }
    case (.write(let commands), .unknown):
      return self.torn(commands)
    default:
      return nil
    }
  }

  private func lost(
    _ commands: [SimulatedCommand], _ responses: [SimulatedMachine.Response]
  ) -> String? {
    guard commands.count == responses.count else { return "\(responses.count) answers" }
    for (command, response) in zip(commands, responses) {
      guard let place = self.places[command.value] else { return "acknowledged and lost" }
      let line = self.lines[place]
      guard line.command == command, line.index == response.index,
        line.isEffective == response.isEffective
      else { return "acknowledged as \(response), applied as \(line)" }
      guard response.found == self.value(of: command.key, before: place) else {
        return "the register did not hold what the answer \(response) says"
      }
    }
    return self.torn(commands)
  }

  /// Of several commands the first ones take effect, and nothing comes between them.
  private func torn(_ commands: [SimulatedCommand]) -> String? {
    let places = commands.map { self.places[$0.value] }
    for (place, next) in zip(places, places.dropFirst()) {
      switch (place, next) {
      case (let place?, let next?) where next != place + 1: return "something came between"
      case (nil, .some): return "a later command took effect without an earlier one"
      default: break
      }
    }
    return nil
  }

  private func value(of key: Int, before place: Int) -> UInt64 {
    self.lines[..<place].last { $0.command.key == key && $0.isEffective }?.command.value ?? 0
  }

  /// Every command that was applied was asked for.
  private func phantom() -> String? {
    var asked: Set<SimulatedCommand> = []
    for case .write(let commands) in self.calls.map(\.wish) { asked.formUnion(commands) }
    let line = self.lines.first { !asked.contains($0.command) }
    return line.map { "\($0.command) as entry \($0.index) was never asked for" }
  }

  // MARK: Order in time

  /// Calls that ended before others began come first in the log, or saw less of it.
  ///
  /// With the agreed order of all commands at hand this is linearizability, checked in one pass.
  private func disorder() -> String? {
    var moments = self.calls.indices.map { (time: self.calls[$0].begun, call: $0) }
    for (place, call) in self.calls.enumerated() {
      if let ended = call.ended { moments.append((time: ended, call: place)) }
    }
    moments.sort { $0.time < $1.time }
    /// How far the calls reach that have ended.
    var floor = -1
    for moment in moments {
      let call = self.calls[moment.call]
      guard let (first, last) = self.extent(of: call) else { continue }
      if moment.time == call.begun {
        guard first >= floor else {
          return "a call had ended that reaches \(floor), then \(call) at \(first)"
        }
        if let wrong = self.wrongRead(call, last) { return wrong }
      } else if call.outcome != .unknown {
        floor = max(floor, last)
      }
    }
    return nil
  }

  /// The places of the first and the last command that a call made, or saw; twice the place, so
  /// that a read stands behind what it saw and before what comes next.
  private func extent(of call: CallBook.Call) -> (Int, Int)? {
    switch (call.wish, call.outcome) {
    case (.write(let commands), .written), (.write(let commands), .unknown):
      let places = commands.compactMap { self.places[$0.value] }
      guard let first = places.first, let last = places.last else { return nil }
      return (2 * first, 2 * last)
    case (.read, .read(_, let index)):
      guard let index else { return (-1, -1) }
      let place = self.lines.lastIndex { $0.index <= index } ?? -1
      return (2 * place + 1, 2 * place + 1)
    default:
      return nil
    }
  }

  private func wrongRead(_ call: CallBook.Call, _ extent: Int) -> String? {
    guard case .read(let key) = call.wish, case .read(let value, _) = call.outcome else {
      return nil
    }
    let right = self.value(of: key, before: (extent + 1) / 2)
    return value == right ? nil : "\(call) instead of \(right)"
  }
}
