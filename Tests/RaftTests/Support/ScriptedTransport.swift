import Raft

/// A transport whose peers answer by script, without tasks of their own.
struct ScriptedTransport: Transport {
  /// What every peer says to an append; `nil` for no answer.
  var append: @Sendable (AppendRequest) -> AppendOutcome? = { _ in nil }
  /// Whether every peer grants its vote.
  var grantsVotes = false

  /// Peers that vote for everybody and hold everything that they are sent.
  static let obedient = ScriptedTransport(
    append: { .matched(through: $0.entries.last?.lastLogID ?? $0.header.previous) },
    grantsVotes: true)

  /// Peers that vote for everybody and never answer an append.
  static let silent = ScriptedTransport(grantsVotes: true)

  /// Peers that confirm the leader's first entry, and then only that they follow.
  static func obedient(through last: LogIndex) -> ScriptedTransport {
    ScriptedTransport(
      append: { request in
        guard let end = request.entries.last, end.last > last else {
          return .matched(through: request.entries.last?.lastLogID ?? request.header.previous)
        }
        return nil
      }, grantsVotes: true)
  }

  func connection(to member: Member) -> any PeerConnection {
    ScriptedConnection(script: self)
  }
}

private struct ScriptedConnection: AppendStreaming {
  let script: ScriptedTransport

  func stream(_ request: AppendRequest, reply: AppendReply) {
    guard let outcome = self.script.append(request) else { return }
    reply(.success(AppendResponse(outcome: outcome, incarnation: nil)))
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    guard let outcome = self.script.append(request) else { throw .timedOut }
    return AppendResponse(outcome: outcome, incarnation: nil)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    guard self.script.grantsVotes else { throw .timedOut }
    return VoteResponse(vote: request.vote, isGranted: true, lastLogID: nil)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    throw .timedOut
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    throw .timedOut
  }

  func close() {}
}
