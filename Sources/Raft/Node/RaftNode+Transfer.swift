extension RaftNode {
  /// Hands the leadership of this node over to another voter, or to the one whose log is the most
  /// complete, and returns who leads then, as soon as that is known here.
  ///
  /// The target is brought up to date first, also by a snapshot if it needs one; meanwhile writes
  /// and membership changes are refused with ``WriteError/transferring(to:)`` and
  /// ``MembershipChangeError/transferring(to:)``, and linearizable reads go on. A transfer that
  /// does not succeed within the limit, by default ``Configuration/transferTimeout``, is given up,
  /// and this node serves again. The answer comes one election timeout after the limit at the
  /// latest.
  ///
  /// A second call for the same target joins the first without prolonging it; one for another
  /// target replaces it.
  ///
  /// - Throws: ``TransferError``, which says whether this node still leads.
  @discardableResult
  public func transferLeadership(
    to target: NodeID? = nil, within limit: Duration? = nil
  ) async throws(TransferError) -> NodeID {
    try await self.transferLeadership(to: target, within: limit, boundTo: nil)
  }

  func transferLeadership(
    to target: NodeID?, within limit: Duration?, boundTo leadership: LeaderID?
  ) async throws(TransferError) -> NodeID {
    let clock = self.core.clock
    let limit = limit ?? self.configuration.effectiveTransferTimeout
    let deadline = clock.now()
      .advanced(byNanoseconds: (limit + self.configuration.electionTimeoutMax).nanoseconds)
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<NodeID, TransferError>, Never>) in
      let event = Event.handOver(to: target, within: limit, continuation)
      if let failure = self.core.mailbox.post(event.bound(to: leadership)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    let successor = try result.get()
    let id = self.id
    let isLed = WaitCondition("another node leads") { $0.leader != nil && $0.leader != id }
    let rest = max(0, clock.now().nanoseconds(to: deadline))
    let metrics = try? await self.wait(for: isLed, within: .nanoseconds(rest))
    guard metrics?.leader == successor else { throw .outcomeUnknown }
    return successor
  }
}
