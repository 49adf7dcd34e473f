import RaftConcurrency

/// Where the core puts its newest metrics, and where everybody else reads them.
///
/// A slow reader misses pictures but never holds up the core: only the newest one is kept. Who
/// waits for some parts is not woken by changes of others.
final class MetricsBoard: Sendable {
  private struct Waiter {
    let parts: MetricsParts
    let continuation: UnsafeContinuation<Void, Never>
  }

  private struct State {
    var metrics: Metrics
    var version: UInt64 = 0
    /// The version with which each part changed last.
    var changed = InlineArray<9, UInt64>(repeating: 0)
    var waiters: [UInt64: Waiter] = [:]
    var nextWaiter: UInt64 = 0

    /// Whether one of these parts is newer than this version.
    func isNewer(_ parts: MetricsParts, than version: UInt64) -> Bool {
      guard self.version > version else { return false }
      return self.changed.indices.contains {
        parts.rawValue & 1 << $0 != 0 && self.changed[$0] > version
      }
    }
  }

  private let state: Guarded<State>

  init(_ metrics: Metrics) {
    self.state = Guarded(State(metrics: metrics))
  }

  var latest: Metrics { self.state.withLock { $0.metrics } }

  /// The newest metrics with their version, which grows with every change.
  var versioned: (metrics: Metrics, version: UInt64) {
    self.state.withLock { ($0.metrics, $0.version) }
  }

  /// Shows these metrics; returns what is new in them.
  @discardableResult
  func publish(_ metrics: Metrics) -> MetricsParts {
    self.update { shown in
      let parts = MetricsParts.changed(from: shown, to: metrics)
      if !parts.isEmpty { shown = metrics }
      return parts
    }
  }

  /// Changes the metrics in their place; the body says what is new in them.
  func update(_ body: (inout Metrics) -> MetricsParts) -> MetricsParts {
    let (parts, waiters) = self.state.withLock { state -> (MetricsParts, [Waiter]) in
      #if DEBUG
      let before = state.metrics
      #endif
      let parts = body(&state.metrics)
      #if DEBUG
      let found = MetricsParts.changed(from: before, to: state.metrics)
      precondition(parts == found, "\(parts) instead of \(found): \(before) -> \(state.metrics)")
      #endif
      guard !parts.isEmpty else { return (parts, []) }
      state.version += 1
      var rest = parts.rawValue
      while rest != 0 {
        state.changed[rest.trailingZeroBitCount] = state.version
        rest &= rest - 1
      }
      guard !state.waiters.isEmpty else { return (parts, []) }
      let woken = state.waiters.filter { !$0.value.parts.isDisjoint(with: parts) }
      for number in woken.keys { state.waiters[number] = nil }
      return (parts, woken.sorted { $0.key < $1.key }.map(\.value))
    }
    for waiter in waiters { waiter.continuation.resume() }
    return parts
  }

  /// Whether one of these parts is newer than this version.
  func hasNews(of parts: MetricsParts, after version: UInt64) -> Bool {
    self.state.withLock { $0.isNewer(parts, than: version) }
  }

  /// Waits until one of these parts is newer than this version, or the task is cancelled.
  func change(of parts: MetricsParts, after version: UInt64) async {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isOver = self.state.withLock { state in
          // Cancellation may have come before the wait began.
          guard !state.isNewer(parts, than: version), !Task.isCancelled else { return true }
          state.waiters[number] = Waiter(parts: parts, continuation: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.continuation.resume()
    }
  }
}
