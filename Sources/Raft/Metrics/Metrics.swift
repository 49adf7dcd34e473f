/// A node's state at the end of one turn of its core, as one consistent picture.
public struct Metrics: Hashable, Sendable {
  /// How a leader brings a peer up to date.
  @nonexhaustive
  public enum Phase: Hashable, Sendable {
    /// It looks for the last position where the two logs agree, one append at a time.
    case probing
    /// It sends entries ahead of the answers.
    case replicating
    /// It sends a snapshot, since its own log does not reach back far enough.
    case sendingSnapshot
  }

  /// What a leader knows of one peer.
  public struct Replication: Hashable, Sendable {
    /// The peer.
    public let id: NodeID
    /// The last position through which the peer's log agrees with the leader's, durably.
    public let matched: LogID?
    /// When the newest message left that the peer answered; `nil` before any was.
    public let acknowledgedAt: Timestamp?
    /// What keeps the peer from getting what it lacks; `nil` while nothing is known to.
    public let trouble: PeerTrouble?
    /// How it is brought up to date.
    public let phase: Phase
    /// The life under which the peer runs, if its data was replaced; nothing that it says counts.
    ///
    /// ``RaftNode/addVoter(_:within:)`` takes the former life's vote and brings the new one in.
    public let replacedBy: Incarnation?
  }

  /// The node.
  public var id: NodeID
  /// Why the node does not run any more; `nil` while it does.
  public var failure: NodeFailure?
  /// What kind of member it was started as.
  public var role: Member.Role
  /// How it takes part.
  public var state: ServerState
  /// The vote that it stands behind.
  public var vote: Vote
  /// The node that a quorum chose, as far as this one knows.
  public var leader: NodeID?
  /// The cluster; `nil` before the node belongs to one.
  public var cluster: ClusterID?
  /// The end of its log.
  public var lastLogID: LogID?
  /// What of its vote and log is durable.
  public var flushed: Flushed
  /// What makes its storage unfit to lead by; `nil` while nothing does.
  public var storageTrouble: StorageTrouble?
  /// The last position that it knows to be committed.
  public var committed: LogID?
  /// How far the log is committed by the word of a leader since this node started; `nil` before the
  /// first.
  var committedHeard: LogIndex?
  /// How far the cluster's log is known to be committed, whether this node has it or not.
  ///
  /// A follower that lags knows the index from its leader, but not yet who wrote the entry.
  public var clusterCommitted: LogIndex?
  /// The last position that its machine applied.
  public var applied: LogID?
  /// The last position that its newest snapshot contains.
  public var snapshot: LogID?
  /// The last position purged from its log.
  public var purged: LogID?
  /// The membership in force, committed or not.
  public var effectiveMembership: LoggedMembership
  /// The last membership known to be committed.
  public var committedMembership: LoggedMembership
  /// The membership entry by which this node was removed; `nil` while it is a member, or never
  /// was one.
  public var removedAt: LogID?
  /// On a leader: whether a quorum is known to have followed it within one election timeout.
  public var hasQuorumContact: Bool
  /// On a leader: when the newest message left that a quorum acknowledged.
  public var quorumAcknowledgedAt: Timestamp?
  /// On a leader that is handing its leadership over: who shall take it.
  public var transferTarget: NodeID?
  /// On a leader: what it knows of every other member, sorted by id; empty elsewhere.
  public var replication: [Replication]

  /// On a leader: what the peers said that refuse its messages, those with the trouble
  /// `PeerTrouble.failing(.refused)`; empty if none does, and elsewhere.
  public var refusals: [NodeID: ContactRefusal] = [:]

  /// On a leader: the replicas whose states differ from those of others after the same entry,
  /// sorted by id; empty if none is known to, and elsewhere.
  public var divergences: [StateDivergence]

  /// On a leader: the members whose data was replaced, sorted by id; see
  /// ``Replication/replacedBy``.
  public var replaced: [NodeID] {
    self.replication.filter { $0.replacedBy != nil }.map(\.id)
  }

  /// The round of election.
  public var term: Term { self.vote.term }

  /// The state of a node that has not started.
  init(unstarted id: NodeID, role: Member.Role = .replica) {
    self.id = id
    self.role = role
    self.state = .learner
    self.vote = .initial
    self.flushed = Flushed(vote: .initial)
    self.effectiveMembership = .none
    self.committedMembership = .none
    self.hasQuorumContact = false
    self.replication = []
    self.divergences = []
  }
}

extension Metrics: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    func text(_ logID: LogID?) -> String { logID.map(String.init(describing:)) ?? "-" }
    return """
      node \(self.id) \(self.state)\(self.role == .witness ? " (witness)" : "") \(self.vote) leader \
      \(self.leader.map(String.init(describing:)) ?? "-") last \(text(self.lastLogID)) committed \
      \(text(self.committed)) applied \(text(self.applied)) snapshot \(text(self.snapshot)) \
      membership \(self.effectiveMembership)\(self.troubles)
      """
  }
}

extension Metrics {
  /// What an operator should know of, each with what to do.
  private var troubles: String {
    var text = ""
    for peer in self.replication {
      guard let life = peer.replacedBy else { continue }
      text += """
        ; the data of node \(peer.id) was replaced, it runs as incarnation \(life) and does not \
        count: remove the member and add it again
        """
    }
    for divergence in self.divergences { text += "; \(divergence)" }
    if let trouble = self.storageTrouble { text += "; \(trouble)" }
    if let entry = self.removedAt { text += "; removed from the cluster at \(entry)" }
    if let failure = self.failure { text += "; \(failure)" }
    return text
  }
}

extension ServerState: CustomStringConvertible {
  /// The name with a capital, as openraft's metrics print it.
  public var description: String {
    switch self {
    case .learner: "Learner"
    case .follower: "Follower"
    case .candidate: "Candidate"
    case .leader: "Leader"
    case .shutdown: "Shutdown"
    }
  }
}
