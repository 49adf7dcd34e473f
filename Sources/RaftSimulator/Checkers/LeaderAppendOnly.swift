import RaftEngine

/// A leader adds to its log, and never overwrites or removes entries (§3.5, Figure 3.2).
struct LeaderAppendOnly {
  /// A node gives positions to entries of its own under this vote.
  ///
  /// The first entry of a founder is of round 0, whatever it campaigns for by then.
  func proposed(_ first: LogID, after last: LogID?, vote: Vote) throws(Finding) {
    let isFounding = first.index == 0 && first.leader.term == 0
    guard first.index == last.nextIndex,
      isFounding || (vote.isCommitted && vote.leader == first.leader),
      last.map({ $0.leader <= first.leader }) ?? true
    else {
      throw Finding(
        .leaderAppendOnly,
        "\(first) is added under \(vote) to a log that ends at "
          + (last.map(String.init(describing:)) ?? "nothing"))
    }
  }

  /// A node that led under this vote before the step, and leads under it still, cuts its log.
  func truncated(after last: LogID?, leadingSince vote: Vote) -> Finding {
    Finding(
      .leaderAppendOnly,
      "the leader \(vote) cuts its log after \(last.map(String.init(describing:)) ?? "nothing")")
  }
}
