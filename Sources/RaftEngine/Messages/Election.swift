/// A candidate asks whether the receiver stands behind its vote (thesis §3.4).
public struct VoteRequest: Hashable, Sendable {
  /// The vote that the candidate stands for, durable on the candidate itself.
  public var vote: Vote
  /// The end of the candidate's log.
  public var lastLogID: LogID?
  /// The vote of the leader that asked the candidate to take over; `nil` in an ordinary election.
  ///
  /// Only a receiver that stands behind exactly this vote sets its promise aside; a bare flag
  /// could depose a later leader.
  public var transferredFrom: Vote?

  /// A question for a vote.
  public init(vote: Vote, lastLogID: LogID?, transferredFrom: Vote? = nil) {
    self.vote = vote
    self.lastLogID = lastLogID
    self.transferredFrom = transferredFrom
  }
}

/// The answer to a vote request.
public struct VoteResponse: Hashable, Sendable {
  /// The vote that the receiver stands behind after handling the request; durable there if it is
  /// granted.
  public var vote: Vote
  /// Whether the receiver stands behind the candidate.
  public var isGranted: Bool
  /// The end of the receiver's log.
  public var lastLogID: LogID?
  /// The receiver's life; `nil` if it does not state it.
  public var incarnation: Incarnation?
  /// In a refusal: the committed membership entry, if it does not list the candidate.
  ///
  /// A removed node that missed its farewell learns from it that nobody will choose it.
  public var excludedBy: LogID?

  /// An answer.
  public init(
    vote: Vote, isGranted: Bool, lastLogID: LogID?, incarnation: Incarnation? = nil,
    excludedBy: LogID? = nil
  ) {
    self.vote = vote
    self.isGranted = isGranted
    self.lastLogID = lastLogID
    self.incarnation = incarnation
    self.excludedBy = excludedBy
  }
}

/// A leader's wish that a follower take over at once (thesis §3.10).
public struct TransferRequest: Hashable, Sendable {
  /// The vote of the leader that steps back.
  public var from: Vote
  /// Who shall take over.
  public var to: NodeID
  /// The end of the leader's log; the follower must have all of it durable.
  public var lastLogID: LogID?

  /// A wish for a take-over.
  public init(from: Vote, to: NodeID, lastLogID: LogID?) {
    self.from = from
    self.to = to
    self.lastLogID = lastLogID
  }
}

/// The answer to a transfer request.
public enum TransferResponse: Hashable, Sendable {
  /// The receiver campaigns, or merely took note because it is not the one meant.
  case accepted
  /// The receiver stands behind another vote by now.
  case voteChanged(expected: Vote, actual: Vote)
  /// The receiver's log is not durable through the wanted position.
  case logNotFlushed(expected: LogID?, actual: LogID?)
}
