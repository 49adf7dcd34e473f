extension RaftNode {
  /// This node as the leader that it was when the handle was made.
  ///
  /// Everything asked through it is refused as not of the leader as soon as that leadership is
  /// over, also if this node leads again, under another one. So what was learnt under a leadership
  /// is never acted on under another.
  public struct Leadership: Sendable {
    @usableFromInline let node: RaftNode

    /// The round of election and the node: no two leaderships have the same.
    public let leaderID: LeaderID

    /// Whether the node still leads under this leadership, as far as it knows.
    public var isCurrent: Bool {
      let metrics = self.node.metrics
      return metrics.state == .leader && metrics.vote.leader == self.leaderID
    }

    /// When the newest message left that a quorum answered; `nil` if the leadership is over.
    public var lastQuorumContact: Timestamp? {
      let metrics = self.node.metrics
      guard metrics.state == .leader, metrics.vote.leader == self.leaderID else { return nil }
      return metrics.quorumAcknowledgedAt
    }

    /// Replicates a command under this leadership; see ``RaftNode/write(_:)``.
    ///
    /// - Throws: ``WriteError``; ``WriteError/notLeader(_:)`` if the leadership is over.
    @inlinable
    public func write(_ command: Machine.Command) async throws(WriteError) -> Machine.Response {
      try await self.node.write(command, boundTo: self.leaderID)
    }

    /// Replicates several commands under this leadership; see ``RaftNode/write(contentsOf:)``.
    ///
    /// - Throws: ``WriteError``; ``WriteError/notLeader(_:)`` if the leadership is over.
    @inlinable
    public func write(
      contentsOf commands: [Machine.Command]
    ) async throws(WriteError) -> [Machine.Response] {
      try await self.node.write(contentsOf: commands, boundTo: self.leaderID)
    }

    /// Hands a command over to be replicated under this leadership; see
    /// ``RaftNode/submit(_:responder:)``.
    ///
    /// - Throws: ``WriteError`` if the command is not taken; that the leadership is over, the
    ///   responder hears.
    @inlinable
    public func submit(
      _ command: Machine.Command, responder: (@Sendable (WriteProgress) -> Void)? = nil
    ) throws(WriteError) {
      try self.node.submit(command, responder: responder, boundTo: self.leaderID)
    }

    /// Writes an entry that changes nothing under this leadership; see
    /// ``RaftNode/writeBarrier()``.
    ///
    /// - Throws: ``WriteError``; ``WriteError/notLeader(_:)`` if the leadership is over.
    @discardableResult
    public func writeBarrier() async throws(WriteError) -> LogID {
      try await self.node.writeBarrier(boundTo: self.leaderID)
    }

    /// Lends the machine to the body when it shows everything that was acknowledged anywhere before
    /// the call, and returns what the body returns; see ``RaftNode/linearizableRead(_:)``.
    ///
    /// - Parameters:
    ///   - policy: How the leader makes sure that it still leads.
    ///   - body: What to look at; it should be quick.
    /// - Throws: ``ReadError``; ``ReadError/notLeader(_:)`` if the leadership was over before.
    public func read<Value: Sendable>(
      _ policy: ReadPolicy = .readIndex, _ body: @escaping @Sendable (Machine) -> Value
    ) async throws(ReadError) -> Value {
      try await self.node.linearizableRead(policy, boundTo: self.leaderID)
      return try await self.node.read(body)
    }

    /// Changes who belongs to the cluster or has a vote, if this leadership is still the present
    /// one; see ``RaftNode/changeMembership(_:removedVoters:if:)``.
    ///
    /// - Parameters:
    ///   - change: The wish.
    ///   - removedVoters: What becomes of voters that the change takes the vote from.
    ///   - expected: The entry of the membership that the change is meant for; `nil` for any.
    /// - Throws: ``MembershipChangeError``; ``MembershipChangeError/notLeader(_:)`` if the
    ///   leadership was over before, and nothing was changed.
    @discardableResult
    public func changeMembership(
      _ change: MembershipChange, removedVoters: RemovedVoters = .leave, if expected: LogID? = nil
    ) async throws(MembershipChangeError) -> MembershipReceipt {
      try await self.node.changeMembership(
        change, removedVoters: removedVoters, if: expected, boundTo: self.leaderID)
    }

    /// Hands this leadership over; see ``RaftNode/transferLeadership(to:within:)``.
    ///
    /// - Throws: ``TransferError``; ``TransferError/notLeader(_:)`` if it is over already.
    @discardableResult
    public func transferLeadership(
      to target: NodeID? = nil, within limit: Duration? = nil
    ) async throws(TransferError) -> NodeID {
      try await self.node.transferLeadership(to: target, within: limit, boundTo: self.leaderID)
    }
  }

  /// This node as the leader that it is now.
  ///
  /// - Throws: ``ReadError/notLeader(_:)`` with whom to ask if it does not lead,
  ///   ``ReadError/stopped(_:)`` if it does not run.
  public func asLeader() throws(ReadError) -> Leadership {
    let metrics = self.metrics
    if let failure = metrics.failure { throw .stopped(failure) }
    guard metrics.state == .leader else { throw .notLeader(self.leader) }
    return Leadership(node: self, leaderID: metrics.vote.leader)
  }
}
