import RaftConcurrency

/// Where the core puts its newest metrics, and where everybody else reads them.
///
/// A slow reader misses pictures but never holds up the core: only the newest one is kept.
final class MetricsBoard: Sendable {
  private struct State {
    var metrics: Metrics
    var version: UInt64 = 0
    var waiters: [UInt64: UnsafeContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
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

  func publish(_ metrics: Metrics) {
    let waiters = self.state.withLock { state -> [UnsafeContinuation<Void, Never>] in
      guard state.metrics != metrics else { return [] }
      state.metrics = metrics
      state.version += 1
      guard !state.waiters.isEmpty else { return [] }
      defer { state.waiters = [:] }
      return state.waiters.sorted { $0.key < $1.key }.map(\.value)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Waits until there are metrics newer than this version, or the task is cancelled.
  func change(after version: UInt64) async {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isNewer = self.state.withLock { state in
          // Cancellation may have come before the wait began.
          guard state.version == version, !Task.isCancelled else { return true }
          state.waiters[number] = continuation
          return false
        }
        if isNewer { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.resume()
    }
  }
}

/// A node's metrics as they change; a slow reader always gets the newest and may miss some.
///
/// Begins with the metrics as they are, and ends after those of the stopped node, or when the
/// reading task is cancelled.
public struct MetricsUpdates: AsyncSequence, Sendable {
  /// The element type.
  public typealias Element = Metrics
  let board: MetricsBoard

  /// Reads the updates one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let board: MetricsBoard
    var seen: UInt64?
    var isFinished = false

    /// The newest metrics that were not returned yet; waits for some if need be.
    public mutating func next() async -> Metrics? {
      guard !self.isFinished else { return nil }
      if let seen = self.seen { await self.board.change(after: seen) }
      let (metrics, version) = self.board.versioned
      guard version != self.seen, !Task.isCancelled else { return nil }
      self.seen = version
      self.isFinished = metrics.failure != nil
      return metrics
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> Iterator {
    Iterator(board: self.board)
  }
}
