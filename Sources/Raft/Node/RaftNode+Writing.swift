extension RaftNode {
  /// Replicates a command, and returns what the machine answered when it was applied here.
  ///
  /// Only a leader takes commands. Not cancellable: the command may be on its way.
  ///
  /// - Throws: ``WriteError``, which says whether the command may have taken effect.
  @inlinable
  public func write(_ command: Machine.Command) async throws(WriteError) -> Machine.Response {
    try await self.write(command, boundTo: nil)
  }

  /// Replicates a command if this node leads under exactly this leadership.
  ///
  /// Whoever reads, decides and then writes has no other leader's commands in between. See
  /// ``asLeader()`` for a handle that does this with everything.
  ///
  /// - Throws: ``WriteError``; ``WriteError/notLeader(_:)`` if the leadership is over, also if this
  ///   node leads again, under another one.
  @inlinable
  public func write(
    _ command: Machine.Command, as leadership: LeaderID
  ) async throws(WriteError) -> Machine.Response {
    try await self.write(command, boundTo: leadership)
  }

  /// Replicates several commands in one go, in order, and returns the machine's answers in the same
  /// order.
  ///
  /// Other writes never come between them. They are refused together, but they are no transaction:
  /// if the error says that the outcome is unknown, some of the first ones may take effect without
  /// the others, and the answers of those are lost.
  ///
  /// - Throws: ``WriteError``; unless it is ``WriteError/outcomeUnknown``, none took effect.
  @inlinable
  public func write(
    contentsOf commands: [Machine.Command]
  ) async throws(WriteError) -> [Machine.Response] {
    try await self.write(contentsOf: commands, boundTo: nil)
  }

  /// Writes an entry that changes nothing, waits until it is applied here, and returns its position.
  ///
  /// Everything that any leader acknowledged before the call is applied here then. Unlike
  /// ``linearizableRead(_:)`` it leaves an entry in the log, so it proves that the cluster can
  /// write, disks included.
  ///
  /// - Throws: ``WriteError`` as other writes do.
  @discardableResult
  public func writeBarrier() async throws(WriteError) -> LogID {
    try await self.writeBarrier(boundTo: nil)
  }

  @inlinable
  func write(
    _ command: Machine.Command, boundTo leadership: LeaderID?
  ) async throws(WriteError) -> Machine.Response {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Machine.Response, WriteError>, Never>) in
      let refusal = self.core.propose(
        count: 1, form: .single, token: ReplyToken(continuation), boundTo: leadership
      ) { writer, _ in Machine.encode(command, into: &writer) }
      if let refusal { continuation.resume(returning: .failure(refusal)) }
    }
    return try result.get()
  }

  @inlinable
  func write(
    contentsOf commands: [Machine.Command], boundTo leadership: LeaderID?
  ) async throws(WriteError) -> [Machine.Response] {
    guard !commands.isEmpty else { return [] }
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<[Machine.Response], WriteError>, Never>) in
      let refusal = self.core.propose(
        count: commands.count, form: .several, token: ReplyToken(continuation),
        boundTo: leadership
      ) { writer, number in Machine.encode(commands[number], into: &writer) }
      if let refusal { continuation.resume(returning: .failure(refusal)) }
    }
    return try result.get()
  }

  func writeBarrier(boundTo leadership: LeaderID?) async throws(WriteError) -> LogID {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<LogID, WriteError>, Never>) in
      let event = Event.barrier(ReplyToken(continuation)).bound(to: leadership)
      if let refusal = self.core.mailbox.propose(event) {
        continuation.resume(returning: .failure(refusal))
      }
    }
    return try result.get()
  }
}
