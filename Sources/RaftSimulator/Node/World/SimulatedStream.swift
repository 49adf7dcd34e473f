import Raft

/// A way to a peer that takes appends without waiting.
final class SimulatedStream: AppendStreaming {
  private let connection: SimulatedConnection
  private static let limit: Int64 = 400_000_000

  init(connection: SimulatedConnection) {
    self.connection = connection
  }

  func stream(_ request: AppendRequest, reply: AppendReply) {
    self.connection.send(
      request.message, limit: Self.limit, .asSent,
      { node, answer in node.receive(request, reply: answer) }, reply: { reply($0) })
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    try await self.connection.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.connection.vote(request, contact: contact, within: limit)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.connection.preVote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try await self.connection.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.connection.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.connection.close() }
}
