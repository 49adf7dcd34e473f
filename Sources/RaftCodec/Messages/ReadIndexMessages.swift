public import RaftEngine

/// A follower asks the leader for a position that a linearizable read has to wait for.
public struct ReadIndexRequest: Hashable, Sendable {
  /// By what the leader may make sure that it still leads.
  public enum Policy: UInt8, Hashable, Sendable, CaseIterable {
    /// By a round of messages to a quorum.
    case readIndex = 0
    /// By its lease, if it holds one; else by a round.
    case lease = 1
  }

  /// By what the leader may make sure that it still leads.
  public var policy: Policy

  /// A question.
  public init(policy: Policy) {
    self.policy = policy
  }
}

/// The answer to a follower's question for a read position.
@nonexhaustive
public enum ReadIndexReply: Hashable, Sendable {
  /// A read is linearizable once the follower applied everything through this position.
  case granted(LogID?)
  /// The receiver does not lead; whom it stands behind tells where to ask.
  case notLeader(Vote)
  /// The receiver could not make sure in time that it still leads.
  case unconfirmed
}

/// The numbers of the answers.
private enum ReadIndexAnswer: UInt8 {
  case granted = 0
  case notLeader = 1
  case unconfirmed = 2
}

extension ByteWriter {
  mutating func write(_ request: ReadIndexRequest) {
    self.write(request.policy.rawValue)
  }

  mutating func write(_ reply: ReadIndexReply) {
    switch reply {
    case .granted(let logID):
      self.write(ReadIndexAnswer.granted.rawValue)
      self.write(logID)
    case .notLeader(let vote):
      self.write(ReadIndexAnswer.notLeader.rawValue)
      self.write(vote)
    case .unconfirmed:
      self.write(ReadIndexAnswer.unconfirmed.rawValue)
    }
  }
}

extension ByteReader {
  mutating func readReadIndexRequest() throws(CodecError) -> ReadIndexRequest {
    ReadIndexRequest(
      policy: try self.readCase(of: ReadIndexRequest.Policy.self, "a read policy"))
  }

  mutating func readReadIndexReply() throws(CodecError) -> ReadIndexReply {
    switch try self.readCase(of: ReadIndexAnswer.self, "the answer to a read") {
    case .granted: .granted(try self.readOptionalLogID())
    case .notLeader: .notLeader(try self.readVote())
    case .unconfirmed: .unconfirmed
    }
  }
}
