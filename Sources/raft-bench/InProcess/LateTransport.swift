import Raft

/// A network on which one node hears everything late; its answers are as late as what it hears.
struct LateTransport: Transport {
  private let direct: any Transport
  private let late: NodeID
  private let delay: Duration

  init(_ direct: any Transport, to late: NodeID, by delay: Duration) {
    self.direct = direct
    self.late = late
    self.delay = delay
  }

  func connection(to member: Member) -> any PeerConnection {
    let connection = self.direct.connection(to: member)
    guard member.id == self.late, let stream = connection as? any AppendStreaming else {
      return connection
    }
    return LateConnection(direct: stream, delay: self.delay)
  }
}

private struct LateConnection: AppendStreaming {
  let direct: any AppendStreaming
  let delay: Duration

  func stream(_ request: AppendRequest, reply: AppendReply) {
    Task {
      await self.wait()
      self.direct.stream(request, reply: reply)
    }
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    await self.wait()
    return try await self.direct.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    await self.wait()
    return try await self.direct.vote(request, contact: contact, within: limit)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    await self.wait()
    return try await self.direct.preVote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    await self.wait()
    return try await self.direct.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    await self.wait()
    return try await self.direct.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.direct.close() }

  /// A task that is cancelled waits no longer.
  private func wait() async { try? await ContinuousClock().sleep(for: self.delay) }
}
