import RaftEngine

/// A leader holds every entry that an earlier leadership committed (§3.6.3).
struct LeaderCompleteness {
  /// A node begins to lead with this log.
  ///
  /// One that is elected late may have been overtaken already: what later leaderships committed it
  /// need not hold, for it cannot commit any more.
  func elected(
    _ leader: LeaderID, log: SimulatedLog, _ history: CommittedHistory
  ) throws(Finding) {
    guard let last = history.last(committedBefore: leader), !log.holds(last) else { return }
    throw Finding(
      .leaderCompleteness,
      "\(leader) leads without \(last), which was committed; its log ends at "
        + (log.last.map(String.init(describing:)) ?? "nothing"))
  }

  /// A leadership commits this entry while another node leads.
  func committed(
    _ logID: LogID, by leader: LeaderID, while other: LeaderID, log: SimulatedLog
  ) throws(Finding) {
    guard other > leader, !log.holds(logID) else { return }
    throw Finding(
      .leaderCompleteness, "\(leader) commits \(logID), which the later leader \(other) lacks")
  }
}
