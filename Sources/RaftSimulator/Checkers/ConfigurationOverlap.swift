import RaftEngine

/// Any quorum of a membership meets any quorum of the one before it, and a membership is proposed
/// only when the one before it is committed, under a leadership that has committed an entry of its
/// own (§4.1, §4.3; Ongaro's correction of 2015).
struct ConfigurationOverlap {
  /// A leader adds a membership entry to a log in which this one was in force.
  func proposed(
    _ next: LoggedMembership, after current: LoggedMembership, _ history: CommittedHistory
  ) throws(Finding) {
    guard let wanted = next.membership, let known = current.membership, let logID = next.logID
    else { return }
    guard wanted.configurations.contains(where: { known.configurations.contains($0) }) else {
      throw Finding(
        .configurationOverlap, "\(wanted) follows \(known): their quorums need not meet")
    }
    guard let before = current.logID, history.entry(at: before.index)?.logID == before else {
      throw Finding(
        .configurationOverlap, "\(next) is proposed before \(current) is committed")
    }
    guard let last = history.last, last.logID.leader >= logID.leader else {
      throw Finding(
        .configurationOverlap,
        "\(next) is proposed before its leader has committed an entry of its own")
    }
    guard !(known.isJoint && wanted.isJoint) else {
      throw Finding(.configurationOverlap, "a joint membership \(wanted) follows \(known)")
    }
  }
}
