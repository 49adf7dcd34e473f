/// Logical time: the leadership that a node stands behind, and whether a quorum chose it.
///
/// An uncommitted vote is a candidate's own or a grant to one; a committed vote belongs to an
/// established leader. A node's vote only moves forward, in the partial order that the cluster's
/// ``LeadershipRule`` defines; every message that it accepts moves it.
public struct Vote: Hashable, Sendable {
  /// The leadership.
  public let leader: LeaderID
  /// Whether a quorum granted it.
  public let isCommitted: Bool

  /// A vote for this leadership.
  public init(leader: LeaderID, isCommitted: Bool) {
    self.leader = leader
    self.isCommitted = isCommitted
  }

  /// The round of election.
  public var term: Term { self.leader.term }

  /// The vote of a node that has never voted: round 0, node 0, not committed.
  public static let initial = Vote(leader: LeaderID(term: 0, node: 0), isCommitted: false)

  /// The same leadership, chosen by a quorum.
  public var committed: Vote { Vote(leader: self.leader, isCommitted: true) }

  /// The same leadership, as one that merely stood for election.
  public var uncommitted: Vote { Vote(leader: self.leader, isCommitted: false) }
}

extension Vote: CustomStringConvertible {
  /// `T3-N1` while it stands, `T3-N1*` once a quorum chose it.
  public var description: String { self.isCommitted ? "\(self.leader)*" : "\(self.leader)" }
}
