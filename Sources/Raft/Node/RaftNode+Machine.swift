extension RaftNode {
  /// Lends the machine to the body, between two applies, and returns what it returns.
  ///
  /// The body should be quick: applying waits for it. It runs on the machine's task, not on the
  /// caller's. The state may be old; call ``linearizableRead(_:)`` before if it must not be.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node does not run, ``ReadError/witness`` if it has
  ///   no state.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Machine) -> Value
  ) async throws(ReadError) -> Value {
    let box = self.box
    return try await self.lend { (resume: @escaping @Sendable (Value?) -> Void) in
      MachineWorker.Loan(lend: { resume(body(box.machine)) }, refuse: { resume(nil) })
    }
  }

  /// Lends the machine to the body, to change and for as long as it takes, and returns what it
  /// returns; nothing is applied meanwhile.
  ///
  /// The body must not wait for a write or a read of this node, which wait for it.
  ///
  /// For what belongs to this server alone, such as a cache, statistics or a file to be closed. What
  /// commands change must not be changed here: the other servers would not see it, and the machines
  /// would differ for ever.
  ///
  /// - Throws: ``ReadError/stopped(_:)`` if the node does not run, ``ReadError/witness`` if it has
  ///   no state; then the body did not run.
  public func withStateMachine<Value: Sendable>(
    _ body: @escaping @Sendable (inout Machine) async -> Value
  ) async throws(ReadError) -> Value {
    let box = self.box
    return try await self.lend { (resume: @escaping @Sendable (Value?) -> Void) in
      MachineWorker.Loan(
        lend: { resume(await body(&box.machine)) }, refuse: { resume(nil) })
    }
  }

  private func lend<Value: Sendable>(
    _ loan: (@escaping @Sendable (Value?) -> Void) -> MachineWorker.Loan
  ) async throws(ReadError) -> Value {
    guard self.configuration.role == .replica else { throw .witness }
    let value = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Value?, Never>) in
      let loan = loan { continuation.resume(returning: $0) }
      if !self.core.worker.add(.lend(loan)) { loan.refuse() }
    }
    guard let value else { throw .stopped(self.metrics.failure ?? .shutdown) }
    return value
  }

  /// The newest complete snapshot in this node's store; `nil` if there is none.
  ///
  /// It stays readable for as long as somebody holds it.
  ///
  /// - Throws: ``StorageError`` of the snapshot store.
  public func latestSnapshot() async throws(StorageError) -> (any StoredSnapshot)? {
    try await self.core.snapshotStore.latest()
  }
}
