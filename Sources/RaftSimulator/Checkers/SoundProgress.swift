import RaftEngine

/// What a leader takes for held by a member, that member holds durably, unless it follows a later
/// leader by now (§3.5; openraft and etcd call the position *matched*).
struct SoundProgress {
  /// A leader has taken note of an answer.
  ///
  /// - Parameters:
  ///   - known: The last position that the leader takes for held by the peer.
  ///   - later: The vote on the peer's disk, if it has one.
  func answered(
    by peer: NodeID, to leader: LeaderID, known: LogID, isHeld: Bool, vote later: Vote?
  ) throws(Finding) {
    guard !isHeld, later.map({ $0.leader <= leader }) ?? true else { return }
    throw Finding(
      .soundProgress, "\(leader) takes \(known) for held by node \(peer), which does not have it")
  }

  /// A leader takes a peer for one that lost what it had confirmed.
  ///
  /// - Parameter hasLost: Whether anything durable of the peer's was ever gone.
  func missing(_ confirmed: LogIndex, at peer: NodeID, by leader: LeaderID, hasLost: Bool)
    throws(Finding)
  {
    guard !hasLost else { return }
    throw Finding(
      .soundProgress,
      "\(leader) says that node \(peer) lost entries through \(confirmed), but it lost nothing")
  }
}
