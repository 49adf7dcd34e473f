/// Why a request to a peer came to nothing; what to do is said in the handbook, *Peers in trouble*.
@nonexhaustive
public enum PeerFailure: Hashable, Sendable, CaseIterable {
  /// The peer cannot be reached.
  case unreachable
  /// The connection broke, or no answer came in time; the peer may have received the request.
  case lost
  /// The peer refuses to talk to this node; what it said, a ``ContactRefusal``, is in the metrics'
  /// `refusals`.
  case refused
  /// The peer answered with an error of its own.
  case remote
  /// The message is larger than the peer, or the way to it, takes.
  case tooLarge
  /// This node could not read what was to be sent from its own store.
  case unreadable
}

/// What keeps a peer from getting what it lacks, as far as its leader knows; what to do is said in the
/// handbook, *Peers in trouble*.
@nonexhaustive
public enum PeerTrouble: Hashable, Sendable {
  /// The newest request came to nothing; the leader tries again by itself.
  case failing(PeerFailure)
  /// The entry at this index alone is larger than the peer takes: the leader tries again by itself,
  /// with pauses, but only a larger limit helps.
  case entryTooLarge(LogIndex)
  /// The peer's log lacks entries that it had confirmed, durably, through this index.
  ///
  /// Nothing is sent to it and none of its answers counts until somebody decides.
  case lostData(confirmed: LogIndex)
}

/// What a leader does with a peer whose log lacks what it had confirmed.
public enum LogReversionPolicy: Hashable, Sendable, CaseIterable {
  /// It is shown as ``PeerTrouble/lostData(confirmed:)`` and counts for nothing.
  ///
  /// Whatever a quorum confirmed rests on all of its members: one that forgets may already have
  /// taken part in losing a committed entry.
  case refused
  /// It is brought up to date from the beginning, like a new member.
  ///
  /// What is committed stays so; but until the peer has caught up, one copy less than promised
  /// exists, and another failure can lose what was acknowledged.
  case allowed
}

extension PeerFailure: CustomStringConvertible {
  /// What happened.
  public var description: String {
    switch self {
    case .unreachable: "it cannot be reached"
    case .lost: "the connection broke, or no answer came in time"
    case .refused: "it refuses messages of this node"
    case .remote: "it answers with an error"
    case .tooLarge: "the message is larger than it takes"
    case .unreadable: "this node could not read what is to be sent from its own store"
    }
  }
}

extension PeerTrouble: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .failing(let failure):
      "\(failure): the leader tries again by itself"
    case .entryTooLarge(let index):
      """
      entry \(index) is larger than the peer takes: raise the limit for messages on all servers; \
      the leader tries again by itself
      """
    case .lostData(let index):
      """
      the peer lost entries through \(index) that it had confirmed: nothing is sent to it and it \
      counts for nothing; find out what happened to its disk, then remove it and add it anew, \
      or allow it to start over
      """
    }
  }
}
