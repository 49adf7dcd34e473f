import Raft
import RaftConcurrency
import SensorFleetModel

/// The servers that this one does not talk to for a while, as if the network between were cut.
///
/// For rehearsals of trouble: a server takes such orders only if it was started so.
final class Cuts: Sendable {
  private let ends = Guarded<[ServerID: Duration]>([:])

  /// Sends nothing to these servers for so long.
  func cut(_ servers: [ServerID], for time: Duration) {
    let end = SteadyClock.now + time
    self.ends.withLock { ends in
      for server in servers { ends[server] = end }
    }
  }

  /// Whether nothing is sent to this server now.
  func contains(_ server: ServerID) -> Bool {
    self.ends.withLock { $0[server].map { SteadyClock.now < $0 } ?? false }
  }
}

/// A transport whose ways can be cut.
struct CutTransport<Whole: Transport>: Transport {
  let whole: Whole
  let cuts: Cuts

  func connection(to member: Member) -> any PeerConnection {
    CutConnection(
      peer: ServerID(member.id.rawValue), whole: self.whole.connection(to: member),
      cuts: self.cuts)
  }
}

/// A way to one server that may be cut.
private struct CutConnection: PeerConnection {
  let peer: ServerID
  let whole: any PeerConnection
  let cuts: Cuts

  private func check() throws(TransportError) {
    if self.cuts.contains(self.peer) { throw .unreachable("the way to \(self.peer) is cut") }
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    try self.check()
    return try await self.whole.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try self.check()
    return try await self.whole.vote(request, contact: contact, within: limit)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try self.check()
    return try await self.whole.preVote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try self.check()
    return try await self.whole.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try self.check()
    return try await self.whole.transferLeadership(request, contact: contact, within: limit)
  }

  func close() {
    self.whole.close()
  }
}
