import RaftConcurrency

/// Something that happens once, and that any number of tasks may wait for.
final class Latch<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [UnsafeContinuation<Value, Never>] = []
  }

  private let state = Guarded(State())

  /// It has happened; only the first call counts.
  func open(_ value: Value) {
    let waiters = self.state.withLock { state -> [UnsafeContinuation<Value, Never>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// Waits until it has happened; a cancelled task waits too.
  func wait() async -> Value {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Value, Never>) in
      let value = self.state.withLock { state in
        if state.value == nil { state.waiters.append(continuation) }
        return state.value
      }
      if let value { continuation.resume(returning: value) }
    }
  }
}
