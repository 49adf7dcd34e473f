extension RaftNode {
  /// Returns as soon as this node's machine shows everything that was acknowledged anywhere before
  /// the call: what is read from it then is linearizable (thesis §6.4).
  ///
  /// - Parameter policy: How the leader makes sure that it still leads.
  /// - Throws: ``ReadError``; only a leader with a quorum behind it answers.
  public func linearizableRead(_ policy: ReadPolicy = .readIndex) async throws(ReadError) {
    try await self.linearizableRead(policy, boundTo: nil)
  }

  func linearizableRead(
    _ policy: ReadPolicy, boundTo leadership: LeaderID?
  ) async throws(ReadError) {
    let permit = try await self.permit(policy, boundTo: leadership)
    try await self.waitUntilApplied(through: permit.barrier)
    // The machine may have taken long, or this process stood still.
    if permit.holds(at: self.core.clock.now()) { return }
    try await self.waitUntilApplied(
      through: self.permit(.readIndex, boundTo: leadership).barrier)
  }

  /// The position through which any node must have applied its log to read what is true now.
  ///
  /// A follower that gets it from the leader, and then waits with ``waitUntilApplied(through:)``,
  /// reads as linearizably as the leader.
  ///
  /// - Parameter policy: How the leader makes sure that it still leads.
  /// - Throws: ``ReadError``; only a leader with a quorum behind it answers.
  public func readBarrier(_ policy: ReadPolicy = .readIndex) async throws(ReadError) -> LogID {
    let permit = try await self.permit(policy)
    if permit.holds(at: self.core.clock.now()) { return permit.barrier }
    return try await self.permit(.readIndex).barrier
  }

  private func permit(
    _ policy: ReadPolicy, boundTo leadership: LeaderID? = nil
  ) async throws(ReadError) -> ReadPermit {
    let wish = policy.wish(within: self.configuration.readTimeout)
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<ReadPermit, ReadError>, Never>) in
      let event = Event.read(wish, continuation)
      if let failure = self.core.mailbox.post(event.bound(to: leadership)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    return try result.get()
  }

  /// Waits until this node's machine has applied the log through this position.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node stops, or the task is cancelled, before.
  public func waitUntilApplied(through barrier: LogID) async throws(ReadError) {
    for await applied in self.watch(\.applied) where applied.nextIndex > barrier.index { return }
    throw .stopped(self.metrics.failure ?? .shutdown)
  }
}
