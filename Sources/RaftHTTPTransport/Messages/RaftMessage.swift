internal import Raft
internal import RaftJSON

/// What one server asks of another, by its path on the raft port.
enum RaftRoute: String, CaseIterable {
  case append = "/append"
  case vote = "/vote"
  case preVote = "/pre-vote"
  case snapshot = "/snapshot"
  case snapshotPiece = "/snapshot-piece"
  case transferLeader = "/transfer-leader"
}

/// A message as it arrived at the raft port.
enum RaftMessage {
  case append(AppendRequest)
  case vote(VoteRequest)
  case preVote(VoteRequest)
  case snapshot(SnapshotRequest)
  case snapshotPiece(PieceBody)
  case transferLeader(TransferRequest)

  /// Reads the body that was sent to this path.
  init(_ body: [UInt8], on route: RaftRoute, _ contact: Contact) throws(MessageFault) {
    switch route {
    case .append:
      self = .append(try AppendRequest(body: body, contact: contact))
    case .vote:
      self = .vote(try MessageFault.reading(body, VoteRequest.init(json:)))
    case .preVote:
      self = .preVote(try MessageFault.reading(body, VoteRequest.init(json:)))
    case .snapshot:
      self = .snapshot(try SnapshotRequest(body: body, contact: contact))
    case .snapshotPiece:
      self = .snapshotPiece(try PieceBody(body: body))
    case .transferLeader:
      self = .transferLeader(try MessageFault.reading(body, TransferRequest.init(json:)))
    }
  }
}
