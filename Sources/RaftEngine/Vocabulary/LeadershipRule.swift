/// How many leaders one round of election may see; fixed for a cluster when it is founded.
///
/// With ``manyPerTerm`` votes are totally ordered, so two candidates of a round never block each
/// other: the one with the higher node number wins later in the same round. With ``onePerTerm``,
/// the paper's rule, a node grants one candidate of a round and refuses the others.
public enum LeadershipRule: UInt8, Hashable, Sendable, CaseIterable {
  /// Several leaders may be elected in a round, one after the other; the last one wins.
  case manyPerTerm = 0
  /// At most one leader a round (Raft paper §5.2).
  case onePerTerm = 1

  /// Whether a node that holds `old` may adopt `new`: `new` is the same or lies later in time.
  ///
  /// Two votes may be incomparable; then neither may follow the other.
  public func allows(_ new: Vote, after old: Vote) -> Bool {
    if new.leader == old.leader {
      return new.isCommitted || !old.isCommitted
    }
    if new.leader.term != old.leader.term {
      return new.leader.term > old.leader.term
    }
    switch self {
    case .manyPerTerm:
      return new.leader.node > old.leader.node
    case .onePerTerm:
      // A quorum chose: whoever granted another candidate of the round follows the choice.
      return new.isCommitted && !old.isCommitted
    }
  }
}
