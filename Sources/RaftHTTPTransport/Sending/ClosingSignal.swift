import RaftConcurrency

/// Ends what is under way when it is given; once given, it stays.
final class ClosingSignal: Sendable {
  private struct State {
    var isClosed = false
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Guarded(State())

  /// Whether the signal was given.
  var isClosed: Bool { self.state.withLock { $0.isClosed } }

  /// Gives the signal.
  func close() {
    let waiters = self.state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// What the operation returns; `nil` if the signal came first, and then the operation is cancelled.
  func race<Value: Sendable>(_ operation: @escaping @Sendable () async -> Value) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await operation() }
      group.addTask {
        await self.wait()
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  /// Waits for the signal, or until the task is cancelled.
  private func wait() async {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = self.state.withLock { state in
          // Cancellation may have come before the wait began.
          guard !state.isClosed, !Task.isCancelled else { return true }
          state.waiters[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.resume()
    }
  }
}
