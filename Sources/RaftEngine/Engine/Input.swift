/// Names a question that somebody waits for, so that its answer finds the way back.
package struct Ticket: Hashable, Sendable {
  package let number: UInt64

  package init(_ number: UInt64) {
    self.number = number
  }
}

/// What an answered or failed request to a peer was.
package struct Sent: Hashable, Sendable {
  /// The peer.
  package let peer: NodeID
  /// The replication session that the request belonged to.
  package let session: UInt64
  /// The request's number; numbers of one process only grow.
  package let message: UInt64
  /// When the request left.
  package let at: Instant
  /// The promise that it asked for, in nanoseconds.
  package let promise: Int64

  package init(
    peer: NodeID, session: UInt64, message: UInt64, at: Instant, promise: Int64 = 0
  ) {
    self.peer = peer
    self.session = session
    self.message = message
    self.at = at
    self.promise = promise
  }
}

/// How the application wants a read to be confirmed.
package struct ReadWish: Hashable, Sendable {
  /// How long ago a quorum may have been heard, in nanoseconds, for the lease to be enough; `nil`
  /// if a quorum must be asked.
  package var ageMax: Int64?
  /// Whether to ask the quorum if the lease is not enough, or just to wait.
  package var isAsking: Bool
  /// How long to wait, in nanoseconds.
  package var timeout: Int64

  package init(ageMax: Int64?, isAsking: Bool, timeout: Int64) {
    self.ageMax = ageMax
    self.isAsking = isAsking
    self.timeout = timeout
  }
}

/// Who sent a message.
package struct Sender: Hashable, Sendable {
  package let node: NodeID
  package let cluster: ClusterID?

  package init(node: NodeID, cluster: ClusterID?) {
    self.node = node
    self.cluster = cluster
  }
}

/// Something that happened: the engine's only source of knowledge.
package enum Input: Hashable, Sendable {
  // Of the application.

  /// Writers put this many commands into the open batch.
  case proposed(count: Int, byteCount: Int, timestamp: Timestamp)
  /// The application wants to found a cluster with this membership.
  case bootstrapRequested(Membership, timestamp: Timestamp, Ticket)
  /// The application wants another membership, perhaps only if the effective one is that entry.
  case membershipChangeRequested(
    MembershipChange, retainingRemoved: Bool, expected: LogID? = nil, timestamp: Timestamp, Ticket)
  /// The application wants to know up to where it must have applied to read what is true now.
  case readRequested(ReadWish, Ticket)
  /// The application wants this node to hand its leadership to another one, or to whoever suits
  /// best, within so many nanoseconds; `nil` stands for the configured time.
  case transferWanted(to: NodeID?, within: Int64?, Ticket)
  /// Somebody wants a blank entry in the log, and to hear when it is applied.
  case barrierProposed(timestamp: Timestamp)
  /// The application wants this node to campaign now.
  case electionRequested
  /// The application wants this node to campaign now, without asking first if it could win.
  case campaignRequested
  /// The application wants this leader to make itself heard now.
  case heartbeatRequested
  /// The application wants a snapshot now.
  case snapshotRequested
  /// The application wants the log to be without the entries through this index, as far as a
  /// snapshot has them.
  case purgeRequested(through: LogIndex)
  /// From now on these are on, and no others.
  case switched(EngineSwitches)
  /// The application lets a peer that lost what it had confirmed start over, once.
  case reversionAllowed(NodeID, Ticket)

  // Of peers.

  /// A leader sent an append or heartbeat.
  case appendReceived(AppendHeader, [EntryRun], from: Sender, Ticket)
  /// A candidate asked for a vote.
  case voteRequested(VoteRequest, from: Sender, Ticket)
  /// A peer asked whether this node would vote for it, without changing anything.
  case preVoteRequested(VoteRequest, from: Sender, Ticket)
  /// A leader asked this node, or another one, to take over.
  case transferRequested(TransferRequest, Ticket)
  /// A leader offered a snapshot.
  case snapshotOffered(Vote, SnapshotMeta, from: Sender, Ticket)
  /// A peer answered an append or heartbeat, in the life that it states.
  case appendAnswered(AppendOutcome, Sent, by: Incarnation? = nil)
  /// A peer answered a vote request that was made under this vote.
  case voteAnswered(VoteResponse, from: NodeID, under: Vote)
  /// A peer answered a pre-vote request about this vote.
  case preVoteAnswered(VoteResponse, from: NodeID, under: Vote)
  /// A peer answered a snapshot that reached up to this position, in the life that it states.
  case snapshotAnswered(Vote, through: LogID, Sent, by: Incarnation? = nil)
  /// An append that left carries the entries through this index, of so many bytes; said of those
  /// whose size was not known, and of those that carry fewer entries.
  case appendSent(through: LogIndex, byteCount: Int, Sent)
  /// A peer refused a message that was meant for another life of its data.
  case contactRefused(by: NodeID, reached: Incarnation)
  /// A peer answered the request to take over that was made under this vote; `nil` if the request
  /// came to nothing.
  case transferAnswered(TransferResponse?, from: NodeID, under: Vote)
  /// A request to a peer came to nothing.
  case peerFailed(PeerFailure, Sent)

  // Of the node's own storage, machine and clock.

  /// A write, and every one before it, is durable.
  case flushed(IOID)
  /// The machine applied everything through this position; so many bytes since the last report.
  case applied(through: LogID, byteCount: Int = 0)
  /// A snapshot of the machine is durable.
  case snapshotBuilt(SnapshotMeta)
  /// A snapshot could not be built; the node goes on without it.
  case snapshotBuildFailed
  /// An offered snapshot arrived and is durable.
  case snapshotReceived(SnapshotMeta, Ticket)
  /// An offered snapshot broke off.
  case snapshotReceptionFailed(Ticket)
  /// The machine took over the state of a snapshot.
  case snapshotInstalled(through: LogID)
  /// The disk became nearly full, or has space again.
  case shortageChanged(isShort: Bool)
  /// Time went by.
  case elapsed
}
