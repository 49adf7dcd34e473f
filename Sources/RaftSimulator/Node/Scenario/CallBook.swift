import Raft

/// All calls of clients, with what they were promised.
///
/// The place of a beginning or an end in the book is its place in time.
final class CallBook: @unchecked Sendable {
  /// What a client asked.
  enum Wish: Hashable {
    case write([SimulatedCommand])
    case read(key: Int)
    case other(String)
  }

  /// What it was told.
  enum Outcome: Hashable {
    case pending
    case written([SimulatedMachine.Response])
    /// The register's value, and the index of the last command that was applied.
    case read(UInt64, at: LogIndex?)
    case refused(WriteError)
    case notRead
    case unknown
    case done
  }

  struct Call: Hashable {
    let client: Int
    let node: NodeID
    let wish: Wish
    let begun: Int
    /// The operations of the call in the history.
    let operations: [ClientOperation.ID]
    var ended: Int?
    var outcome = Outcome.pending
  }

  private let world: NodeWorld
  private(set) var calls: [Call] = []
  private(set) var outstanding = 0
  /// The same calls as the linearizability checker wants them.
  private(set) var history = ClientHistory()
  private var events = 0

  init(world: NodeWorld) {
    self.world = world
  }

  func begin(_ wish: Wish, by client: Int, at node: NodeID) -> Int {
    let time = UInt64(self.world.now)
    let operations = wish.actions.map { key, action in
      self.history.invoke(action, onKey: key, byClient: client, at: time)
    }
    self.calls.append(
      Call(client: client, node: node, wish: wish, begun: self.events, operations: operations))
    self.events += 1
    self.outstanding += 1
    let number = self.calls.count - 1
    self.world.note(
      .client, node, "call \(number) of client \(client): \(wish)", mark: .asked(call: number))
    return number
  }

  func end(_ number: Int, _ outcome: Outcome) {
    let call = self.calls[number]
    guard call.outcome == .pending else {
      self.world.fail(.clientOracle, "a call was answered twice: \(call), then \(outcome)")
      return
    }
    self.calls[number].outcome = outcome
    self.calls[number].ended = self.events
    self.events += 1
    self.outstanding -= 1
    self.record(call, outcome)
    switch outcome {
    case .written: self.world.coverage.writesAcknowledged += 1
    case .read: self.world.coverage.readsAnswered += 1
    case .refused: self.world.coverage.writesRefused += 1
    case .unknown: self.world.coverage.writesUnknown += 1
    case .notRead, .done: break
    case .pending: self.world.fail(.clientOracle, "a call ended as pending: \(call)")
    }
    self.world.note(
      .client, call.node, "call \(number) of client \(call.client): \(outcome)",
      mark: .ended(call: number, outcome.end))
  }

  private func record(_ call: Call, _ outcome: Outcome) {
    let time = UInt64(self.world.now)
    for (place, operation) in call.operations.enumerated() {
      switch outcome {
      case .written(let responses) where place < responses.count:
        self.history.succeed(operation, with: responses[place].answer, at: time)
      case .read(let value, _):
        self.history.succeed(operation, with: .read(RegisterState(simulated: value)), at: time)
      case .refused, .notRead: self.history.fail(operation, at: time)
      case .written, .pending, .unknown, .done: self.history.giveUp(on: operation, at: time)
      }
    }
  }

  /// The calls that nobody answered.
  var unanswered: [Call] { self.calls.filter { $0.outcome == .pending } }
}

extension CallBook.Wish {
  /// What is asked of which register.
  fileprivate var actions: [(Int, ClientOperation.Action)] {
    switch self {
    case .write(let commands):
      commands.map { command in
        guard let expected = command.expected else { return (command.key, .write(command.value)) }
        let state = RegisterState(simulated: expected)
        return (
          command.key, .compareAndSet(expecting: .value(state.value), to: command.value)
        )
      }
    case .read(let key): [(key, .read)]
    case .other: []
    }
  }
}

extension SimulatedMachine.Response {
  fileprivate var answer: ClientOperation.Answer {
    self.isEffective
      ? .written(version: self.index.rawValue)
      : .mismatched(found: RegisterState(simulated: self.found))
  }
}

extension RegisterState {
  /// What a simulated machine's register holds: 0 if it was never written.
  fileprivate init(simulated value: UInt64) {
    self.init(value: value == 0 ? nil : value)
  }
}

extension CallBook.Wish: CustomStringConvertible {
  var description: String {
    switch self {
    case .write(let commands): "write \(commands.map(\.description).joined(separator: ", "))"
    case .read(let key): "read k\(key)"
    case .other(let text): text
    }
  }
}

extension CallBook.Call: CustomStringConvertible {
  var description: String {
    "client \(self.client) at node \(self.node): \(self.wish) -> \(self.outcome)"
  }
}

extension CallBook.Outcome {
  /// The outcome for a drawing.
  fileprivate var end: TraceMark.CallEnd {
    switch self {
    case .written, .read, .done: .answered
    case .refused, .notRead: .refused
    case .pending, .unknown: .unknown
    }
  }
}

extension CallBook.Outcome: CustomStringConvertible {
  var description: String {
    switch self {
    case .pending: "pending"
    case .written(let responses):
      responses.map { "\($0.isEffective ? "done" : "mismatch") at \($0.index)" }
        .joined(separator: ", ")
    case .read(let value, let index): "value \(value) as of \(index.map(String.init) ?? "-")"
    case .refused(let error): "refused, \(PlainWords.of(error))"
    case .notRead: "not read"
    case .unknown: "unknown"
    case .done: "done"
    }
  }
}

extension String {
  fileprivate init(_ index: LogIndex) { self = index.description }
}

extension SimulatedCommand: CustomStringConvertible {
  var description: String {
    "k\(self.key)=\(self.value)\(self.expected.map { " if \($0)" } ?? "")"
  }
}
