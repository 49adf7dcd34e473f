extension RaftNode {
  /// Whether this node leads, as far as it knows.
  public var isLeader: Bool { self.metrics.state == .leader }

  /// Who leads, as far as this node knows: itself perhaps; `nil` if nobody is known to.
  public var leader: LeaderHint? {
    let metrics = self.metrics
    return metrics.leader.map { id in
      LeaderHint(id: id, member: metrics.effectiveMembership.membership?.member(id))
    }
  }

  /// The members with a vote in the membership in force, sorted.
  public var voterIDs: [NodeID] { self.metrics.effectiveMembership.membership?.voters ?? [] }

  /// The members without a vote in the membership in force, sorted.
  public var learnerIDs: [NodeID] { self.metrics.effectiveMembership.membership?.learners ?? [] }

  /// The member of the membership in force with this id; `nil` if there is none.
  public func member(_ id: NodeID) -> Member? {
    self.metrics.effectiveMembership.membership?.member(id)
  }

  /// The member of the membership in force with this name; `nil` if there is none.
  public func member(named name: String) -> Member? {
    self.metrics.effectiveMembership.membership?.member(named: name)
  }

  /// Shows the node's state after everything that was asked of it before, and returns what the body
  /// returns.
  ///
  /// ``metrics`` may be a turn older. Waits until the node has read its stores. The body runs on the
  /// caller's task.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node does not run.
  public func withState<Value>(
    _ body: (Metrics) -> Value
  ) async throws(ReadError) -> Value {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Metrics, ReadError>, Never>) in
      if let failure = self.core.mailbox.post(.look(continuation)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    return body(try result.get())
  }

  /// Whether the node has a history: a log, or a vote; one that has none can found a cluster.
  ///
  /// Waits until the node has read its stores.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node does not run.
  public var isInitialized: Bool {
    get async throws(ReadError) {
      try await self.withState { $0.lastLogID != nil || $0.vote != .initial }
    }
  }

  /// Waits until the machine shows at least what it showed before the last stop, and what a leader
  /// had committed when it first got in touch; call it once after a start.
  ///
  /// That is everything that was in this node's log then, unless it was never committed, and
  /// everything that the leader said to be committed.
  /// Until then ``read(_:)`` may show less than it did before the restart.
  ///
  /// - Returns: The metrics that show it.
  /// - Throws: ``WaitError`` if no leader is heard or the log is not applied in time.
  @discardableResult
  public func waitForRecovery(within limit: Duration) async throws(WaitError) -> Metrics {
    let clock = self.core.clock
    let deadline = clock.now().advanced(byNanoseconds: limit.nanoseconds)
    func wait(
      _ name: String, _ isMet: @escaping @Sendable (Metrics) -> Bool
    ) async throws(WaitError) -> Metrics {
      let rest = max(0, clock.now().nanoseconds(to: deadline))
      return try await self.wait(
        for: WaitCondition(name, isMet), within: .nanoseconds(rest))
    }
    let first = try await wait("word of a leader") { $0.committedHeard != nil }
    let end = (first.lastLogID?.index).nextIndex
    let committed = first.committedHeard.nextIndex
    return try await wait("applied through the end of the log as of the start") { metrics in
      // What was never committed may be gone from the log by now.
      let goal = max(committed, min(end, (metrics.lastLogID?.index).nextIndex))
      return metrics.committedHeard.nextIndex >= goal
        && (metrics.applied?.index).nextIndex >= goal
    }
  }
}
