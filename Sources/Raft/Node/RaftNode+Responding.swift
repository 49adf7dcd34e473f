extension RaftNode {
  /// Handles a leader's append or heartbeat; the answer tells of durable entries only.
  ///
  /// - Throws: ``RequestError`` if the message is not for this node or makes no sense.
  public func respond(to request: AppendRequest) async throws(RequestError) -> AppendResponse {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<AppendResponse, RequestError>, Never>) in
      self.receive(request) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Handles a leader's append or heartbeat without waiting: the answer goes to `reply`, once.
  ///
  /// For transports with ordered streams. Requests take effect in the order of the calls. `reply` is
  /// called by the node's core, or within this call if the node has stopped: it must not wait.
  public func receive(
    _ request: consuming AppendRequest,
    reply: @escaping @Sendable (Result<AppendResponse, RequestError>) -> Void
  ) {
    if let refusal = self.core.mailbox.receive(.append(consume request, reply)) {
      reply(.failure(refusal))
    }
  }

  /// Handles a candidate's question for a vote; a grant is durable before it is returned.
  ///
  /// - Throws: ``RequestError`` if the message is not for this node or makes no sense.
  public func respond(
    to request: VoteRequest, contact: Contact
  ) async throws(RequestError) -> VoteResponse {
    try await self.ask { .vote(request, contact, $0) }
  }

  /// Says whether this node would vote for the one that asks, and changes nothing.
  ///
  /// - Throws: ``RequestError`` if the message is not for this node or makes no sense.
  public func respond(
    toPreVote request: VoteRequest, contact: Contact
  ) async throws(RequestError) -> VoteResponse {
    try await self.ask { .preVote(request, contact, $0) }
  }

  /// Handles a leader's wish that this node, or another one, take over.
  ///
  /// - Throws: ``RequestError`` if the message is not for this node or makes no sense.
  public func respond(
    to request: TransferRequest, contact: Contact
  ) async throws(RequestError) -> TransferResponse {
    try await self.ask { .transfer(request, contact, $0) }
  }

  /// Receives a snapshot, stores it durably and installs it; a broken one changes nothing.
  ///
  /// - Throws: ``RequestError`` if the message is not for this node or makes no sense, if another
  ///   snapshot is being received, or if the content broke off.
  public func respond(to request: SnapshotRequest) async throws(RequestError) -> SnapshotResponse {
    try await self.ask { .snapshot(request, $0) }
  }

  /// Gives the core a question and waits for the answer.
  private func ask<Response>(
    _ question: (UnsafeContinuation<Result<Response, RequestError>, Never>) -> Event
  ) async throws(RequestError) -> Response {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Response, RequestError>, Never>) in
      if let refusal = self.core.mailbox.receive(question(continuation)) {
        continuation.resume(returning: .failure(refusal))
      }
    }
    return try result.get()
  }
}
