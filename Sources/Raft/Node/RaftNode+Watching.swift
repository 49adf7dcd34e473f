import RaftConcurrency

extension RaftNode {
  /// Has every input of the engine heard, right before the engine is told; for simulations.
  ///
  /// Takes effect if the node does not run yet. The observer is called by the node's core, which
  /// waits for it.
  package func observeInputs(_ observer: @escaping @Sendable (Input) -> Void) {
    self.core.observer.withLock { $0 = observer }
  }

  /// The node's state at the end of its last turn.
  public var metrics: Metrics { self.core.board.latest }

  /// The node's state as it changes, beginning with what it is now.
  public var metricsUpdates: MetricsUpdates { MetricsUpdates(board: self.core.board) }

  /// Waits until a condition holds, and returns the metrics that meet it.
  ///
  /// - Throws: ``WaitError/timedOut(_:)`` if it does not come in time or the task is cancelled,
  ///   ``WaitError/stopped(_:)`` if the node does not run any more.
  @discardableResult
  public func wait(
    for condition: WaitCondition, within limit: Duration
  ) async throws(WaitError) -> Metrics {
    let updates = self.metricsUpdates
    let clock = self.core.clock
    let deadline = clock.now().advanced(byNanoseconds: limit.nanoseconds)
    let found = await withTaskGroup(of: Metrics?.self) { group in
      group.addTask {
        for await metrics in updates where metrics.failure != nil || condition.isMet(metrics) {
          return metrics
        }
        return nil
      }
      group.addTask {
        await clock.sleep(until: deadline)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    let metrics = found ?? self.metrics
    if let failure = metrics.failure { throw .stopped(failure) }
    guard condition.isMet(metrics) else { throw .timedOut(metrics) }
    return metrics
  }
}
