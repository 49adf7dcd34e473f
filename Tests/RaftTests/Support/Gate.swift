import RaftConcurrency

/// A door that a test closes and opens: whoever comes while it is closed waits before it.
final class Gate: Sendable {
  private struct State {
    var isOpen: Bool
    var waiting: [UnsafeContinuation<Void, Never>] = []
    var watchers: [(count: Int, continuation: UnsafeContinuation<Void, Never>)] = []
  }

  private let state: Guarded<State>

  init(isOpen: Bool = false) {
    self.state = Guarded(State(isOpen: isOpen))
  }

  /// Waits until the door is open; cancellation does not help.
  func pass() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let resumed = self.state.withLock { state -> [UnsafeContinuation<Void, Never>] in
        guard !state.isOpen else { return [continuation] }
        state.waiting.append(continuation)
        let count = state.waiting.count
        let reached = state.watchers.filter { $0.count <= count }
        state.watchers.removeAll { $0.count <= count }
        return reached.map(\.continuation)
      }
      for resumed in resumed { resumed.resume() }
    }
  }

  /// Waits until somebody, or so many, stand before the closed door.
  func reached(by count: Int = 1) async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let isReached = self.state.withLock { state in
        guard state.waiting.count < count else { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }

  func close() {
    self.state.withLock { $0.isOpen = false }
  }

  /// Lets in all who wait and all who come.
  func open() {
    let waiting = self.state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
