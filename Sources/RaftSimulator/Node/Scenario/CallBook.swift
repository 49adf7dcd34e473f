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
    var ended: Int?
    var outcome = Outcome.pending
  }

  private let world: NodeWorld
  private(set) var calls: [Call] = []
  private(set) var outstanding = 0
  private var events = 0

  init(world: NodeWorld) {
    self.world = world
  }

  func begin(_ wish: Wish, by client: Int, at node: NodeID) -> Int {
    self.calls.append(Call(client: client, node: node, wish: wish, begun: self.events))
    self.events += 1
    self.outstanding += 1
    self.world.note("client \(client) asks node \(node): \(wish)")
    return self.calls.count - 1
  }

  func end(_ number: Int, _ outcome: Outcome) {
    let call = self.calls[number]
    guard call.outcome == .pending else {
      self.world.fail("a call was answered twice: \(call), then \(outcome)")
      return
    }
    self.calls[number].outcome = outcome
    self.calls[number].ended = self.events
    self.events += 1
    self.outstanding -= 1
    switch outcome {
    case .written, .done: self.world.tally.succeeded += 1
    case .read:
      self.world.tally.succeeded += 1
      self.world.tally.reads += 1
    case .refused, .notRead: self.world.tally.refused += 1
    case .unknown: self.world.tally.unknown += 1
    case .pending: self.world.fail("a call ended as pending: \(call)")
    }
    self.world.note("client \(call.client) hears from node \(call.node): \(outcome)")
  }

  /// The calls that nobody answered.
  var unanswered: [Call] { self.calls.filter { $0.outcome == .pending } }
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

extension CallBook.Outcome: CustomStringConvertible {
  var description: String {
    switch self {
    case .pending: "pending"
    case .written(let responses):
      responses.map { "\($0.isEffective ? "done" : "mismatch") at \($0.index)" }
        .joined(separator: ", ")
    case .read(let value, let index): "value \(value) as of \(index.map(String.init) ?? "-")"
    case .refused(let error): "refused, \(error)"
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
