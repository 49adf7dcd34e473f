/// What the engine wants done; the runtime does it, in order, and decides nothing.
package enum Command: Hashable, Sendable {
  // To the log: one ordered sequence of writes.

  /// Store the vote.
  case saveVote(Vote, IOID)
  /// Bind the store to the cluster.
  case adoptCluster(ClusterID, IOID)
  /// Store entries of this node's own: the open batch, or the one entry that the run describes.
  case appendProposed(EntryRun, IOID)
  /// Store these entries of the message that is being handled.
  case appendReceived(first: LogIndex, through: LogIndex, IOID)
  /// Remove the entries after this position.
  case truncate(after: LogID?)
  /// Remove the entries through this position.
  case purge(through: LogID)
  /// Note how far the log is committed.
  case noteCommitted(LogID)

  // To writers.

  /// Refuse the open batch.
  case refuseProposed(ProposalRefusal)
  /// Tell the writers of all entries after this position that their outcome is unknown.
  case abandonWrites(after: LogID?)

  // To peers.

  /// Send the entries from the header's previous position through this index, or fewer if they are
  /// many bytes; what left is reported as ``Input/appendSent(through:byteCount:_:)``.
  ///
  /// If their size is known here already, there is nothing to report unless fewer left.
  case sendAppend(
    to: NodeID, through: LogIndex, message: UInt64, AppendHeader, isSized: Bool = false)
  /// Send a heartbeat, beside the appends.
  case sendHeartbeat(to: NodeID, message: UInt64, AppendHeader)
  /// Ask for a vote.
  case requestVote(to: NodeID, VoteRequest)
  /// Ask whether a vote would be given.
  case requestPreVote(to: NodeID, VoteRequest)
  /// Ask to take over.
  case sendTransfer(to: NodeID, TransferRequest)
  /// Send the newest snapshot.
  case sendSnapshot(to: NodeID, Vote, session: UInt64, message: UInt64)

  // To the machine.

  /// Apply everything through this position.
  case apply(through: LogID)
  /// Build a snapshot of the state as it is.
  case buildSnapshot
  /// Receive the offered snapshot into the store.
  case receiveSnapshot(SnapshotMeta, Ticket)
  /// Replace the machine's state by this snapshot.
  case installSnapshot(SnapshotMeta)

  // Answers.

  /// Answer a question.
  case respond(Ticket, Response)

  /// Stop the node: something happened that no rule allows.
  case stop(StopReason)
}

/// The answer to a question.
package enum Response: Hashable, Sendable {
  case append(AppendOutcome)
  case vote(VoteResponse)
  case transfer(TransferResponse)
  case snapshot(Vote)
  case refused(MessageRefusal)
  case bootstrapped
  case bootstrapRefused(BootstrapRefusal)
  case membershipChanged(LogID, Membership)
  case membershipRefused(MembershipRefusal)
  /// This node stands behind the vote of the target.
  case leadershipTransferred(to: NodeID)
  case transferRefused(TransferRefusal)
  /// From here on the caller may read; if it holds by a lease, only while this moment is ahead.
  case readable(from: LogID, while: Instant?)
  case readRefused(ReadRefusal)
  case reversionAllowed
  case reversionRefused(ReversionRefusal)
}

/// Why a batch of writes was not taken; none of it takes effect.
package enum ProposalRefusal: Hashable, Sendable {
  /// Another node leads, or none does.
  case notLeader
  /// This node leads but has no contact to a quorum.
  case noQuorum
  /// This node is handing its leadership over.
  case transferring(to: NodeID)
}

/// Why a message was not handled.
package enum MessageRefusal: Hashable, Sendable {
  /// No correct peer sends such a message.
  case malformed
  /// Another snapshot is being received.
  case busy
}

/// Why a cluster was not founded.
package enum BootstrapRefusal: Hashable, Sendable {
  /// The node has a history already.
  case notAllowed(last: LogID?, vote: Vote)
  /// The node would not be a voter of its own cluster.
  case notVoter
  /// The node is a witness, or would be one, and so could not lead.
  case witness
}

/// Why the membership was not changed.
package enum MembershipRefusal: Hashable, Sendable {
  /// Another node leads, or none does; the change did not begin.
  case notLeader
  /// This node leads but has no contact to a quorum; the change did not begin.
  case noQuorum
  /// This node is handing its leadership over; the change did not begin.
  case transferring(to: NodeID)
  /// Another change is not finished.
  case inProgress(committed: LogID?, effective: LogID?)
  /// The effective membership is not the one that the change was meant for.
  case preconditionFailed(expected: LogID, actual: LogID?)
  /// The wanted membership is none.
  case invalid(MembershipError)
  /// Leadership was lost on the way; the next leader finishes or undoes the change.
  case outcomeUnknown
}

/// Why a linearizable read was not admitted.
package enum ReadRefusal: Hashable, Sendable {
  /// Another node leads, or none does.
  case notLeader
  /// No quorum confirmed in time that this node still leads; these nodes did.
  case noQuorum(heard: [NodeID])
}

/// Why a peer was not let start over.
package enum ReversionRefusal: Hashable, Sendable {
  /// Another node leads, or none does.
  case notLeader
  /// The leader does not know the peer to have lost anything.
  case nothingLost(NodeID)
}

/// Why a node stopped by itself.
@nonexhaustive
public enum StopReason: Hashable, Sendable {
  /// A leader's message contradicts an entry that this node knows to be committed.
  ///
  /// Some node lost data that it had acknowledged. Nothing was overwritten here; compare the logs
  /// of the members before anything is restarted.
  case diverged(at: LogID)
  /// The leader takes this node for another kind of member than this one, as which it was started.
  ///
  /// Nothing was stored. Start the node with the role that the membership gives it, on empty stores
  /// if it held the other one before.
  case otherRole(than: Member.Role)
}
