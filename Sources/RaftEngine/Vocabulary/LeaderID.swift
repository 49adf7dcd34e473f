/// Whose leadership: the round of election and the node that stood in it.
public struct LeaderID: Hashable, Sendable {
  /// The round of election.
  public let term: Term
  /// The node that stood in it.
  public let node: NodeID

  /// Names the leadership of this node in this round.
  public init(term: Term, node: NodeID) {
    self.term = term
    self.node = node
  }
}

extension LeaderID: Comparable {
  /// Orders leaderships that wrote entries: by round, then by node.
  ///
  /// Whether one *vote* may follow another is a question for ``LeadershipRule``, not for this
  /// order: under ``LeadershipRule/onePerTerm`` two candidates of a round exclude each other.
  public static func < (left: LeaderID, right: LeaderID) -> Bool {
    left.term != right.term ? left.term < right.term : left.node < right.node
  }
}

extension LeaderID: CustomStringConvertible {
  /// `T3-N1` for node 1 in round 3.
  public var description: String { "T\(self.term)-N\(self.node)" }
}
