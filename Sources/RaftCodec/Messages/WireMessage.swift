public import RaftEngine

/// What one server says to another, over a connection that carries bytes.
@nonexhaustive
public enum WireMessage: Hashable, Sendable {
  /// The first message on a connection, from both sides.
  case hello(Hello)
  /// The answer to a message that was not taken.
  case refusal(Refusal)
  /// A leader's entries.
  case append(AppendMessage)
  /// The answer to an append or heartbeat.
  case appendReply(AppendReplyMessage)
  /// A leader's sign of life, or its question whether the log agrees; without entries.
  case heartbeat(AppendHeader)
  /// A candidate's question for a vote.
  case vote(VoteRequest)
  /// The answer to it.
  case voteReply(VoteResponse)
  /// The question whether a candidacy would succeed, which changes nothing.
  case preVote(VoteRequest)
  /// The answer to it.
  case preVoteReply(VoteResponse)
  /// A leader's wish that the receiver take over.
  case transfer(TransferRequest)
  /// The answer to it.
  case transferReply(TransferResponse)
  /// A follower's question for a position to read at.
  case readIndex(ReadIndexRequest)
  /// The answer to it.
  case readIndexReply(ReadIndexReply)
  /// A leader's offer of a snapshot.
  case snapshotBegin(SnapshotOffer)
  /// The answer to it: from where on the receiver wants the content.
  case snapshotResume(SnapshotResumption)
  /// A piece of a snapshot; it is not answered.
  case snapshotChunk(SnapshotPiece)
  /// The end of a snapshot's content.
  case snapshotEnd(SnapshotClosing)
  /// The answer to it.
  case snapshotReply(SnapshotReply)
  /// A leader's word to a removed node.
  case farewell(Farewell)
  /// The answer to it: the receiver knows.
  case farewellReply
  /// A client's command on its way to the leader.
  case forward(ForwardRequest)
  /// The answer to it.
  case forwardReply(ForwardReply)

  /// The numbers by which the format tells messages apart.
  @nonexhaustive
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// See ``WireMessage/hello(_:)``.
    case hello = 1
    /// See ``WireMessage/refusal(_:)``.
    case refusal = 2
    /// See ``WireMessage/append(_:)``.
    case append = 16
    /// See ``WireMessage/appendReply(_:)``.
    case appendReply = 17
    /// See ``WireMessage/heartbeat(_:)``.
    case heartbeat = 18
    /// See ``WireMessage/vote(_:)``.
    case vote = 32
    /// See ``WireMessage/voteReply(_:)``.
    case voteReply = 33
    /// See ``WireMessage/preVote(_:)``.
    case preVote = 34
    /// See ``WireMessage/preVoteReply(_:)``.
    case preVoteReply = 35
    /// See ``WireMessage/transfer(_:)``.
    case transfer = 36
    /// See ``WireMessage/transferReply(_:)``.
    case transferReply = 37
    /// See ``WireMessage/readIndex(_:)``.
    case readIndex = 48
    /// See ``WireMessage/readIndexReply(_:)``.
    case readIndexReply = 49
    /// See ``WireMessage/snapshotBegin(_:)``.
    case snapshotBegin = 64
    /// See ``WireMessage/snapshotResume(_:)``.
    case snapshotResume = 65
    /// See ``WireMessage/snapshotChunk(_:)``.
    case snapshotChunk = 66
    /// See ``WireMessage/snapshotEnd(_:)``.
    case snapshotEnd = 67
    /// See ``WireMessage/snapshotReply(_:)``.
    case snapshotReply = 68
    /// See ``WireMessage/farewell(_:)``.
    case farewell = 80
    /// See ``WireMessage/farewellReply``.
    case farewellReply = 81
    /// See ``WireMessage/forward(_:)``.
    case forward = 96
    /// See ``WireMessage/forwardReply(_:)``.
    case forwardReply = 97
  }
}
