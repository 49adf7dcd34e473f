import RaftConcurrency

/// A value that comes once, and those who wait for it.
package final class Promise<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
    var nextWaiter = 0
  }

  private let state = Guarded(State())

  /// A promise that nobody has kept yet.
  package init() {}

  /// Hands the value to everybody who waits or will; only the first one counts.
  package func keep(_ value: Value) {
    let waiters = self.state.withLock { state -> [CheckedContinuation<Value?, Never>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// The value, if it has come.
  package var current: Value? { self.state.withLock { $0.value } }

  /// The value; waits for it.
  ///
  /// `nil` if the task is cancelled before.
  package func value() async -> Value? {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let value = self.state.withLock { state -> Value?? in
          if let value = state.value { return .some(value) }
          // Cancellation may have come before the wait began.
          if Task.isCancelled { return .some(nil) }
          state.waiters[number] = continuation
          return nil
        }
        if let value { continuation.resume(returning: value) }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.resume(returning: nil)
    }
  }

  /// The value; `nil` if it does not come within the limit or the task is cancelled.
  package func value(within limit: Duration) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await self.value() }
      group.addTask {
        try? await ContinuousClock().sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
