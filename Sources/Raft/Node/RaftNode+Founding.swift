/// What became of the wish to found a cluster if there is none.
public enum Founding: Hashable, Sendable {
  /// This node founded it.
  case founded
  /// This node has a history: its log ends there, or it has voted. Nothing was changed.
  ///
  /// It belongs to a cluster, or was asked for its vote by the founder of one. The members that were
  /// given are not compared with those of that cluster.
  case notNew(last: LogID?, vote: Vote)
}

extension RaftNode {
  /// Founds a cluster with these members unless this node has a history, so that a program may call
  /// it at every start; waits until the node has read its stores.
  ///
  /// Have **one** of the servers call it, always the same one, or give all of them the same
  /// cluster id: two servers that each found a cluster of their own never meet in one. Never call
  /// it on a server whose data was lost: bring that back with ``addVoter(_:within:)`` on the leader.
  ///
  /// - Parameters:
  ///   - members: The members, all of them voters.
  ///   - cluster: The cluster's identity; drawn at random with `nil`.
  ///   - leadershipRule: How many leaders one term may have.
  /// - Returns: Whether it founded the cluster, durably on this node, or had no need to.
  /// - Throws: ``BootstrapError``, but never ``BootstrapError/notAllowed(last:vote:)``.
  @discardableResult
  public func bootstrapIfNew(
    with members: [Member], cluster: ClusterID? = nil,
    leadershipRule: LeadershipRule = .manyPerTerm
  ) async throws(BootstrapError) -> Founding {
    do {
      try await self.bootstrap(with: members, cluster: cluster, leadershipRule: leadershipRule)
      return .founded
    } catch .notAllowed(let last, let vote) {
      return .notNew(last: last, vote: vote)
    }
  }
}
