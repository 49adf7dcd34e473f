import RaftEngine

/// A message on its way.
struct Packet {
  enum Content {
    case append(AppendHeader, ArraySlice<SimulatedEntry>, Sent)
    case appendAnswer(AppendOutcome, Sent)
    case vote(VoteRequest)
    case voteAnswer(VoteResponse, under: Vote)
    case preVote(VoteRequest)
    case preVoteAnswer(VoteResponse, under: Vote)
    case snapshot(Vote, SimulatedSnapshot, Sent)
    case snapshotAnswer(Vote, through: LogID, Sent)
    case transfer(TransferRequest)
    case transferAnswer(TransferResponse, under: Vote)
  }

  let from: NodeID
  /// The life in which the sender asked.
  let fromLife: Int
  let to: NodeID
  /// The life that an answer is for; 0 for questions, which any life answers.
  let life: Int
  let content: Content
  /// Who speaks to whom; answers do not state it.
  var contact: Contact?
  /// The life of the sender's data.
  var incarnation: Incarnation?
  /// The packet's place among all that were sent.
  var number = 0

  /// Whether it is an append that carries a membership.
  var hasMembership: Bool {
    if case .append(_, let entries, _) = self.content {
      return entries.contains { $0.membership >= 0 }
    }
    return false
  }

  /// Whether it is an append that carries entries.
  var hasEntries: Bool {
    if case .append(_, let entries, _) = self.content { return !entries.isEmpty }
    return false
  }
}
