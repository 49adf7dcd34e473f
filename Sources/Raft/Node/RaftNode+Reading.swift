extension RaftNode {
  /// Returns as soon as this node's machine shows everything that was acknowledged anywhere before
  /// the call: what is read from it then is linearizable (thesis §6.4).
  ///
  /// - Parameter policy: How the leader makes sure that it still leads.
  /// - Throws: ``ReadError``; only a leader with a quorum behind it answers.
  public func linearizableRead(_ policy: ReadPolicy = .readIndex) async throws(ReadError) {
    let permit = try await self.permit(policy)
    try await self.waitUntilApplied(through: permit.barrier)
    // The machine may have taken long, or this process stood still.
    if permit.holds(at: self.core.clock.now()) { return }
    try await self.waitUntilApplied(through: self.permit(.readIndex).barrier)
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

  private func permit(_ policy: ReadPolicy) async throws(ReadError) -> ReadPermit {
    let wish = policy.wish(within: self.configuration.readTimeout)
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<ReadPermit, ReadError>, Never>) in
      if let failure = self.core.mailbox.post(.read(wish, continuation)) {
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

  /// Lends the machine to the body, between two applies, and returns what it returns.
  ///
  /// The state may be old; call ``linearizableRead(_:)`` before if it must not be.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node does not run, ``ReadError/witness`` if it has
  ///   no state.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Machine) -> Value
  ) async throws(ReadError) -> Value {
    guard self.configuration.role == .replica else { throw .witness }
    let box = self.box
    let value = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Value?, Never>) in
      let loan = MachineWorker.Loan(
        lend: { continuation.resume(returning: body(box.machine)) },
        refuse: { continuation.resume(returning: nil) })
      if !self.core.worker.add(.lend(loan)) { loan.refuse() }
    }
    guard let value else { throw .stopped(self.metrics.failure ?? .shutdown) }
    return value
  }
}
