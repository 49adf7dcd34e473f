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
  public var metricsUpdates: Watch<Metrics> { self.watch(\.self) }

  /// A value of the metrics as it changes, beginning with what it is now.
  ///
  /// Only changes of the value itself are seen: `watch(\.server)` is not disturbed by writes.
  /// For the progress of single things, watch `\.flushed`, `\.vote`, `\.committed`, `\.applied` or
  /// `\.snapshot`; for the leader `\.leader`.
  ///
  /// - Parameter path: Which value; one that you computed in an extension of ``Metrics``, too.
  public func watch<Value: Equatable & Sendable>(
    _ path: any KeyPath<Metrics, Value> & Sendable
  ) -> Watch<Value> {
    Watch(path, on: self.core.board, clock: self.core.clock)
  }

  /// Waits until a condition holds, and returns the metrics that meet it.
  ///
  /// - Throws: ``WaitError``, with what was waited for and the last metrics seen.
  @discardableResult
  public func wait(
    for condition: WaitCondition, within limit: Duration
  ) async throws(WaitError) -> Metrics {
    try await self.metricsUpdates.wait(
      until: condition.name, within: limit, condition.isMet)
  }
}
