/// What a leader says with every append and heartbeat, beside the entries themselves.
public struct AppendHeader: Hashable, Sendable {
  /// The leader's committed vote.
  public var vote: Vote
  /// For how long, in nanoseconds from receipt, the receiver shall neither vote for others nor
  /// campaign; 0 for a probe, which asks for no promise and renews nothing.
  public var promise: Int64
  /// The replication session: the leader gives each of its peers a new one whenever it begins to
  /// track the peer, so that answers from before a removal and return mean nothing
  /// (etcd-io/raft#349).
  public var session: UInt64
  /// The position right before the first entry; `nil` if the entries start the log.
  public var previous: LogID?
  /// The last position that the leader knows to be committed.
  public var committed: LogID?

  /// States what the leader says.
  public init(
    vote: Vote, previous: LogID?, committed: LogID?, promise: Int64, session: UInt64
  ) {
    self.vote = vote
    self.previous = previous
    self.committed = committed
    self.promise = promise
    self.session = session
  }
}

/// How a receiver took an append.
public enum AppendOutcome: Hashable, Sendable {
  /// The log agrees with the leader's through this position, and all of it is durable.
  case matched(through: LogID?)
  /// The log does not contain `rejected`; the last position where the two logs may agree is not
  /// after `hint`.
  case conflict(rejected: LogID?, hint: LogID?)
  /// The receiver stands behind a later vote.
  case higherVote(Vote)
}

/// A digest of a machine's state after one entry; equal on replicas that did not diverge.
public struct StateDigest: Hashable, Sendable {
  /// The last position applied.
  public var index: LogIndex
  /// The digest, as the machine gave it.
  public var value: UInt64

  /// A digest after an entry.
  public init(index: LogIndex, value: UInt64) {
    self.index = index
    self.value = value
  }
}

/// The answer to an append.
public struct AppendResponse: Hashable, Sendable {
  /// How the append was taken.
  public var outcome: AppendOutcome
  /// The receiver's life; `nil` if it does not state it.
  public var incarnation: Incarnation?
  /// The newest digest of the receiver's state after an aligned entry; `nil` if it takes none.
  public var digest: StateDigest?
  /// Reserved: how long, in microseconds, the receiver's oldest unfinished write has been waiting
  /// for its disk; 0 if none waits.
  public var flushAge: UInt32

  /// An answer.
  public init(
    outcome: AppendOutcome, incarnation: Incarnation? = nil, digest: StateDigest? = nil,
    flushAge: UInt32 = 0
  ) {
    self.outcome = outcome
    self.incarnation = incarnation
    self.digest = digest
    self.flushAge = flushAge
  }
}
