extension Metrics {
  /// What is durable in a node's log store, as one position: writes of votes and entries go one
  /// ordered way.
  public struct Flushed: Hashable, Sendable {
    /// The vote.
    public var vote: Vote
    /// The last entry that is durable, and all before it; `nil` if none is.
    public var logID: LogID?
  }

  /// Who a node is in its cluster: it seldom changes.
  ///
  /// Watched by `node.watch(\.server)`, this costs nothing while a quiet cluster is under load.
  public struct Server: Hashable, Sendable {
    /// The node.
    public let id: NodeID
    /// Why the node does not run any more; `nil` while it does.
    public let failure: NodeFailure?
    /// What kind of member it was started as.
    public let role: Member.Role
    /// How it takes part.
    public let state: ServerState
    /// The vote that it stands behind.
    public let vote: Vote
    /// The node that a quorum chose, as far as this one knows.
    public let leader: NodeID?
    /// On a leader that is handing its leadership over: who shall take it.
    public let transferTarget: NodeID?
    /// The cluster; `nil` before the node belongs to one.
    public let cluster: ClusterID?
    /// The membership in force, committed or not.
    public let effectiveMembership: LoggedMembership
    /// The last membership known to be committed.
    public let committedMembership: LoggedMembership
    /// The membership entry by which this node was removed; `nil` while it is a member.
    public let removedAt: LogID?
  }

  /// How far a node's data got: it changes with every write.
  public struct Data: Hashable, Sendable {
    /// The end of the log.
    public let lastLogID: LogID?
    /// What is durable on this node.
    public let flushed: Flushed
    /// What makes the node's storage unfit to lead by; `nil` while nothing does.
    public let storageTrouble: StorageTrouble?
    /// The last position that the node knows to be committed.
    public let committed: LogID?
    /// How far the cluster's log is known to be committed, whether this node has it or not.
    public let clusterCommitted: LogIndex?
    /// The last position that the machine applied.
    public let applied: LogID?
    /// The last position that the newest snapshot contains.
    public let snapshot: LogID?
    /// The last position purged from the log.
    public let purged: LogID?
    /// On a leader: whether a quorum is known to have followed it within one election timeout.
    public let hasQuorumContact: Bool
    /// On a leader: when the newest message left that a quorum acknowledged.
    public let quorumAcknowledgedAt: Timestamp?
    /// On a leader: what it knows of every other member, sorted by id; empty elsewhere.
    public let replication: [Replication]
    /// On a leader: the replicas whose states differ from those of others, sorted by id.
    public let divergences: [StateDivergence]
  }

  /// Who the node is in its cluster.
  public var server: Server {
    Server(
      id: self.id, failure: self.failure, role: self.role, state: self.state, vote: self.vote,
      leader: self.leader,
      transferTarget: self.transferTarget, cluster: self.cluster,
      effectiveMembership: self.effectiveMembership,
      committedMembership: self.committedMembership, removedAt: self.removedAt)
  }

  /// How far the node's data got.
  public var data: Data {
    Data(
      lastLogID: self.lastLogID, flushed: self.flushed, storageTrouble: self.storageTrouble,
      committed: self.committed,
      clusterCommitted: self.clusterCommitted, applied: self.applied, snapshot: self.snapshot,
      purged: self.purged, hasQuorumContact: self.hasQuorumContact,
      quorumAcknowledgedAt: self.quorumAcknowledgedAt, replication: self.replication,
      divergences: self.divergences)
  }

  /// The leadership that this node exercises; `nil` unless it leads.
  ///
  /// No two leaderships are the same, so a change from one to the next is always seen as one.
  public var leadership: LeaderID? { self.state == .leader ? self.vote.leader : nil }

  /// The leadership that this node knows of, its own or another node's; `nil` if it knows none.
  public var knownLeadership: LeaderID? { self.leader == nil ? nil : self.vote.leader }
}
