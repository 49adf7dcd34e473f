/// Something that changed on a node, and when.
///
/// ``RaftNode/events(buffering:)`` tells of them in the order in which they happened. What changes
/// with every write, as how far the log is committed, is no event: ``RaftNode/watch(_:)`` it.
public struct NodeEvent: Hashable, Sendable {
  /// When it was seen, by the node's clock as a time of day.
  public let at: Timestamp
  /// What changed.
  public let change: Change

  /// What changed.
  @nonexhaustive
  public enum Change: Hashable, Sendable {
    // Of the stream itself.

    /// The watcher's first event: the node as it was then. All that follows came later.
    case began(Metrics)
    /// So many events came while the watcher's buffer was full and are lost; the node as it was
    /// after the last of them.
    case missed(Int, Metrics)

    // Of elections.

    /// The node stands behind another vote, and perhaps in another term.
    case vote(Vote)
    /// The node takes part in another way.
    case state(ServerState)
    /// Another leadership is known, be it this node's or another one's; `nil` if none is any more.
    case leader(LeaderID?)
    /// This leader hears no quorum any more: it serves nobody, but may still lead.
    case quorumLost
    /// This leader hears a quorum again.
    case quorumRegained
    /// This leader is handing its leadership over.
    case transferBegan(to: NodeID)
    /// The transfer is over, whatever came of it.
    case transferEnded

    // Of membership.

    /// The node belongs to this cluster from now on.
    case cluster(ClusterID)
    /// Another membership is in force, committed or not; also when one is undone.
    case membership(LoggedMembership)
    /// A membership is known to be committed.
    case membershipCommitted(LoggedMembership)
    /// This node is no member any more, by this entry.
    case removed(at: LogID)
    /// On a leader: something keeps the peer from getting what it lacks, or `nil`: nothing any
    /// more.
    case trouble(of: NodeID, PeerTrouble?)

    // Of states.

    /// On a leader: a replica's state differs from that of others after the same entry; told again
    /// when more is known, such as which of two is right.
    case stateDiverged(StateDivergence)
    /// On a leader: a replica that had diverged, or seemed to, has the state of the others again
    /// after this entry.
    case stateAgrees(NodeID, at: LogIndex)

    // Of snapshots.

    /// A snapshot of the machine is being built.
    case snapshotBegan
    /// A snapshot through this position is durable.
    case snapshotBuilt(through: LogID)
    /// No snapshot came of it; the next threshold tries again.
    case snapshotFailed
    /// This leader sends its newest snapshot to a peer.
    case snapshotSent(to: NodeID)
    /// A leader's snapshot through this position is being received.
    case snapshotOffered(through: LogID)
    /// The snapshot arrived and is durable.
    case snapshotReceived(through: LogID)
    /// The snapshot did not arrive.
    case snapshotLost
    /// The machine took over the state of a received snapshot.
    case snapshotInstalled(through: LogID)

    // Of storage.

    /// Uncommitted entries after this position were cut off; `nil` for all of them.
    case logTruncated(after: LogID?)
    /// The log was purged through this position.
    case logPurged(through: LogID)
    /// Something makes this node's storage unfit to lead by, or `nil`: nothing any more.
    case storage(StorageTrouble?)
    /// The node has stopped; the last event.
    case stopped(NodeFailure)
  }
}

extension NodeEvent: CustomStringConvertible {
  /// The time and the change in words.
  public var description: String { "\(self.at) \(self.change)" }
}

extension NodeEvent.Change: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    func text(_ value: (some CustomStringConvertible)?) -> String {
      value.map { String(describing: $0) } ?? "none"
    }
    return switch self {
    case .began(let metrics): "begins as \(metrics)"
    case .missed(let count, let metrics): "\(count) events missed; now \(metrics)"
    case .vote(let vote): "vote \(vote)"
    case .state(let state): "state \(state)"
    case .leader(let leader): "leader \(text(leader))"
    case .quorumLost: "no quorum"
    case .quorumRegained: "quorum regained"
    case .transferBegan(let target): "hands over to node \(target)"
    case .transferEnded: "handing over has ended"
    case .cluster(let cluster): "belongs to cluster \(cluster)"
    case .membership(let membership): "membership \(membership)"
    case .membershipCommitted(let membership): "committed membership \(membership)"
    case .removed(let logID): "removed from the cluster at \(logID)"
    case .trouble(let peer, let trouble?): "node \(peer): \(trouble)"
    case .trouble(let peer, nil): "node \(peer): no trouble any more"
    case .stateDiverged(let divergence): "\(divergence)"
    case .stateAgrees(let peer, let index): "node \(peer): the state agrees at \(index)"
    case .snapshotBegan: "snapshot begun"
    case .snapshotBuilt(let logID): "snapshot built through \(logID)"
    case .snapshotFailed: "snapshot failed"
    case .snapshotSent(let peer): "snapshot sent to node \(peer)"
    case .snapshotOffered(let logID): "snapshot offered through \(logID)"
    case .snapshotReceived(let logID): "snapshot received through \(logID)"
    case .snapshotLost: "snapshot broke off"
    case .snapshotInstalled(let logID): "snapshot installed through \(logID)"
    case .logTruncated(let logID): "log cut after \(text(logID))"
    case .logPurged(let logID): "log purged through \(logID)"
    case .storage(let trouble?): "\(trouble)"
    case .storage(nil): "the log store has no trouble any more"
    case .stopped(let failure): "stopped: \(failure)"
    }
  }
}
