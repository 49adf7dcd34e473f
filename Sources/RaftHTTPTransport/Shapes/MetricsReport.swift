public import Raft

/// A node's metrics as they are shown to people and programs outside, in JSON.
///
/// Beside the members that openraft's `RaftMetrics` has, there are `cluster` (left out while
/// unknown), `role` (left out unless the node is a witness), `has_quorum_contact`, and `replication_troubles`, which tells what keeps peers from
/// getting what they lack (left out while nothing does);
/// where there is something to say `replaced`, the present
/// incarnation of each member whose data was replaced, `removed_at`, the entry by which the
/// node was removed, `transfer_target`, to whom a leader is handing over, `state_divergences`,
/// the replicas whose states differ from those of others, and `storage_trouble`, what makes the
/// node's storage unfit to lead by.
public struct MetricsReport: Hashable, Sendable {
  /// What a leader knows of one peer.
  public struct Peer: Hashable, Sendable {
    /// The peer.
    public var id: NodeID
    /// The last position through which its log agrees with the leader's.
    public var matched: LogID?
    /// When the newest message left that it answered.
    public var acknowledgedAt: Timestamp?
    /// What keeps it from getting what it lacks, in words for people; `nil` while nothing does.
    public var trouble: String?

    /// The life under which it runs, if its data was replaced.
    public var replacedBy: Incarnation?

    /// States what a leader knows of a peer.
    public init(
      id: NodeID, matched: LogID?, acknowledgedAt: Timestamp?, trouble: String? = nil,
      replacedBy: Incarnation? = nil
    ) {
      self.id = id
      self.matched = matched
      self.acknowledgedAt = acknowledgedAt
      self.trouble = trouble
      self.replacedBy = replacedBy
    }
  }

  /// A replica whose state differs from that of others.
  public struct Divergence: Hashable, Sendable {
    /// The replica.
    public var id: NodeID
    /// The entry after which its state was seen to differ.
    public var index: LogIndex
    /// What is known, and what to do, in words for people.
    public var explanation: String

    /// States which replica differs, and since when.
    public init(id: NodeID, index: LogIndex, explanation: String) {
      self.id = id
      self.index = index
      self.explanation = explanation
    }
  }

  /// Why the node does not run; `nil` while it does.
  public var failure: NodeFailure?
  /// The node.
  public var id: NodeID
  /// What kind of member it was started as.
  public var role: Member.Role
  /// The vote that it stands behind; `current_term` is its term.
  public var vote: Vote
  /// The end of the log.
  public var lastLogIndex: LogIndex?
  /// What makes the storage unfit to lead by, in words for people; `nil` while nothing does.
  public var storageTrouble: String?
  /// The last position known to be committed; it stands for three members of the JSON.
  public var committed: LogID?
  /// The last position applied.
  public var applied: LogID?
  /// The last position in a snapshot.
  public var snapshot: LogID?
  /// The last position purged.
  public var purged: LogID?
  /// How the node takes part.
  public var state: ServerState
  /// The leader that it knows.
  public var leader: NodeID?
  /// On a leader: when the newest message left that a quorum acknowledged.
  public var quorumAcknowledgedAt: Timestamp?
  /// How long ago that was, in milliseconds.
  public var millisecondsSinceQuorumAcknowledged: UInt64?
  /// The membership in force.
  public var effectiveMembership: LoggedMembership
  /// The last membership known to be committed.
  public var committedMembership: LoggedMembership
  /// The entry by which the node was removed.
  public var removedAt: LogID?
  /// On a leader: what it knows of its peers, sorted by id; `nil` elsewhere.
  public var peers: [Peer]?
  /// On a leader: to whom it is handing its leadership over; `nil` while it does not.
  public var transferTarget: NodeID?
  /// On a leader: the replicas whose states differ, sorted by id.
  public var divergences: [Divergence] = []
  /// The cluster; `nil` before the node belongs to one.
  public var cluster: ClusterID?
  /// On a leader: whether a quorum follows it.
  public var hasQuorumContact: Bool

  /// Reports these metrics at this time, on the node's own wall clock.
  public init(_ metrics: Metrics, at now: Timestamp) {
    self.failure = metrics.failure
    self.id = metrics.id
    self.role = metrics.role
    self.vote = metrics.vote
    self.lastLogIndex = metrics.lastLogID?.index
    self.storageTrouble = metrics.storageTrouble.map(String.init(describing:))
    self.committed = metrics.committed
    self.applied = metrics.applied
    self.snapshot = metrics.snapshot
    self.purged = metrics.purged
    self.state = metrics.state
    self.leader = metrics.leader
    self.quorumAcknowledgedAt = metrics.quorumAcknowledgedAt
    self.millisecondsSinceQuorumAcknowledged = metrics.quorumAcknowledgedAt.map { then in
      now < then ? 0 : (now.nanoseconds - then.nanoseconds) / 1_000_000
    }
    self.effectiveMembership = metrics.effectiveMembership
    self.committedMembership = metrics.committedMembership
    if metrics.state == .leader {
      self.peers = metrics.replication.map { peer in
        Peer(
          id: peer.id, matched: peer.matched, acknowledgedAt: peer.acknowledgedAt,
          trouble: peer.trouble.map { trouble in
            metrics.refusals[peer.id].map { "\(trouble); it says: \($0)" } ?? "\(trouble)"
          },
          replacedBy: peer.replacedBy)
      }
    }
    self.removedAt = metrics.removedAt
    self.transferTarget = metrics.transferTarget
    self.divergences = metrics.divergences.map {
      Divergence(id: $0.node, index: $0.index, explanation: $0.description)
    }
    self.cluster = metrics.cluster
    self.hasQuorumContact = metrics.hasQuorumContact
  }
}
