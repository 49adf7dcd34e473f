import RaftEngine

/// What is committed is durable on a quorum of every configuration in force, and no node gives it
/// up again except for a snapshot that contains it.
struct CommittedNeverLost {
  /// A leader commits this entry, which these nodes hold durably in the life that is named.
  ///
  /// A disk may be lost after its node has confirmed an entry and before the leader counts that;
  /// what the node has in a later life counts for nothing.
  ///
  /// - Parameter memberships: The membership in force after the commit, and the one before, which
  ///   decided if the commit itself put another one in force.
  func committed(
    _ logID: LogID, memberships: [Membership], holders: (NodeID, Incarnation?) -> Bool
  ) throws(Finding) {
    for membership in memberships
    where membership.isQuorum(where: { holders($0, membership.member($0)?.incarnation) }) { return }
    throw Finding(
      .committedNeverLost,
      "\(logID) is committed and not durable on a quorum of "
        + memberships.map(String.init(describing:)).joined(separator: " or of "))
  }

  /// A node removes the entries after this position from its log, following this leader.
  ///
  /// A leader that was overtaken may still reach a node on which nobody counted: one that has not
  /// followed the leadership which committed the entry.
  func truncated(
    _ log: SimulatedLog, after last: LogID?, following leader: LeaderID, snapshot: LogID?,
    node: NodeID, _ history: CommittedHistory
  ) throws(Finding) {
    let first = max(last.nextIndex, snapshot.nextIndex)
    guard let entry = log.entry(at: first), history.entry(at: first)?.isSame(as: entry) ?? false,
      let committer = history.committer(of: first), committer <= leader
    else { return }
    throw Finding(.committedNeverLost, "node \(node) removes \(entry.logID), which is committed")
  }
}
