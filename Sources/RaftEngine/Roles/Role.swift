/// What a node does for the cluster now.
///
/// State that belongs to a role lives in its payload; that of a leader in ``Engine/lead``, where a
/// step reaches it without a copy.
package enum Role: Hashable, Sendable {
  /// It follows a leader, or waits for one; learners always do.
  case following(Following)
  /// It stands for election.
  case campaigning(Campaign)
  /// It leads.
  case leading
  /// It leads, and what it has as leader is being worked on; never seen between two steps.
  case transitioning
}

/// What only a follower or learner has.
package struct Following: Hashable, Sendable {
  /// The snapshot that is being received, if any.
  var receiving: Ticket?
  /// The snapshot that the machine is taking over, if any, and who waits for it.
  var installing: Ticket?

  package init() {}
}

/// What only a candidate has.
package struct Campaign: Hashable, Sendable {
  /// Which voters stand behind the candidate, itself included once its own vote is durable.
  package internal(set) var granted: [NodeID] = []
  /// When the others were asked: when the candidate's own vote became durable.
  var askedAt: Instant
  /// The number of the write that makes the candidate's own vote durable.
  let voteWrite: UInt64
}

/// How a server takes part, computed from its vote and its membership, never stored.
public enum ServerState: UInt8, Hashable, Sendable, CaseIterable {
  /// It holds the log and does not count.
  case learner = 0
  /// It follows a leader or waits for one.
  case follower = 1
  /// It stands for election.
  case candidate = 2
  /// It leads.
  case leader = 3
  /// It has stopped.
  case shutdown = 4
}
