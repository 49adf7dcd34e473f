import Raft

struct NoTransport: Transport {
  func connection(to member: Member) -> any PeerConnection { NoConnection() }
}
struct NoConnection: PeerConnection {
  func append(_ request: AppendRequest, within limit: Duration) async throws(TransportError)
    -> AppendResponse
  { throw .unreachable("") }
  func vote(_ request: VoteRequest, contact: Contact, within limit: Duration)
    async throws(TransportError) -> VoteResponse
  { throw .unreachable("") }
  func installSnapshot(_ request: SnapshotRequest, within limit: Duration)
    async throws(TransportError) -> SnapshotResponse
  { throw .unreachable("") }
  func transferLeadership(_ request: TransferRequest, contact: Contact, within limit: Duration)
    async throws(TransportError) -> TransferResponse
  { throw .unreachable("") }
  func close() {}
}
