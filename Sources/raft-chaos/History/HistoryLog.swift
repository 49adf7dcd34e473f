import RaftConcurrency
import RaftHTTP
import RaftSimulator

/// What the clients of registers asked and were told, in the order in which it happened.
final class HistoryLog: Sendable {
  private struct State {
    var history = ClientHistory()
    var nextValue: UInt64 = 1
  }

  private let start = ContinuousClock.now
  private let state = Guarded(State())

  /// The history so far.
  var history: ClientHistory { self.state.withLock { $0.history } }

  /// The registers of which something was asked.
  var registers: [Int] { Set(self.history.operations.map(\.key)).sorted() }

  /// The key under which servers have a register.
  static func name(_ register: Int) -> String { "r\(register)" }

  /// Sets a register to a value that no other has.
  func set(
    _ register: Int, byClient client: Int, with servers: ServerClient, at address: SocketAddress
  ) async {
    let (id, value) = self.invoke(register, client) { .write($0) }
    let outcome = await servers.set(Self.name(register), "\(value)", at: address)
    self.end(id, outcome) { .written(version: $0) }
  }

  /// Sets a register that has a certain version to a value that no other has.
  func compareAndSet(
    _ register: Int, expecting version: UInt64, byClient client: Int,
    with servers: ServerClient, at address: SocketAddress
  ) async {
    let (id, value) = self.invoke(register, client) {
      .compareAndSet(expecting: .version(version), to: $0)
    }
    let outcome = await servers.compareAndSet(
      Self.name(register), expecting: version, "\(value)", at: address)
    // A mismatch does not say what was found: it is an operation without effect.
    self.end(id, outcome) { $0.map { .written(version: $0) } }
  }

  /// Reads a register; returns what was answered.
  func read(
    _ register: Int, _ reading: ServerClient.Reading, byClient client: Int,
    with servers: ServerClient, at address: SocketAddress
  ) async -> ServerClient.Outcome<ServerClient.Found?> {
    let (id, _) = self.invoke(register, client) { _ in .read }
    let outcome = await servers.read(Self.name(register), reading, at: address)
    self.end(id, outcome) { .read(Self.state($0)) }
    return outcome
  }

  /// What was found as the state of a register; a text that is no number was written by nobody.
  private static func state(_ found: ServerClient.Found?) -> RegisterState {
    guard let found else { return .absent }
    return RegisterState(value: UInt64(found.value) ?? .max, version: found.version)
  }

  private func invoke(
    _ register: Int, _ client: Int, _ action: (UInt64) -> ClientOperation.Action
  ) -> (ClientOperation.ID, UInt64) {
    self.state.withLock { state in
      let value = state.nextValue
      state.nextValue += 1
      let id = state.history.invoke(
        action(value), onKey: register, byClient: client, at: self.now)
      return (id, value)
    }
  }

  private func end<Value>(
    _ id: ClientOperation.ID, _ outcome: ServerClient.Outcome<Value>,
    _ answer: (Value) -> ClientOperation.Answer?
  ) {
    self.state.withLock { state in
      switch outcome {
      case .done(let value):
        if let answer = answer(value) {
          state.history.succeed(id, with: answer, at: self.now)
        } else {
          state.history.fail(id, at: self.now)
        }
      case .refused: state.history.fail(id, at: self.now)
      case .unknown: state.history.giveUp(on: id, at: self.now)
      }
    }
  }

  private var now: UInt64 {
    UInt64(self.start.duration(to: .now) / .nanoseconds(1))
  }

  /// The whole history, a line for each operation.
  var text: String { self.history.operations.map { "\($0)\n" }.joined() }
}
