/// Who leads, as far as the asked node knows: where to send the request instead.
public struct LeaderHint: Hashable, Sendable {
  /// The leader.
  public let id: NodeID
  /// Its description in the membership; `nil` if it is no member there.
  public let member: Member?

  /// A hint at this leader.
  public init(id: NodeID, member: Member?) {
    self.id = id
    self.member = member
  }
}

/// A write did not succeed, or its fate is not known.
@nonexhaustive
public enum WriteError: Error, Hashable, Sendable {
  /// Another node leads, or none is known to; the command did not take effect. Send it there.
  ///
  /// Or the leadership is over that the command was bound to; then the hint may be this node itself,
  /// which leads again.
  case notLeader(LeaderHint?)
  /// This node leads but has no contact to a quorum; the command did not take effect. Try again
  /// later.
  case noQuorum
  /// This node is handing its leadership over to this one; the command did not take effect. Send
  /// it there, or try again: a transfer that fails is given up soon.
  case transferring(to: LeaderHint)
  /// Leadership or the quorum was lost before the answer. The command may or may not take effect:
  /// repeat it only if doing it twice does no harm.
  case outcomeUnknown
  /// Too many bytes wait to be durable, committed, applied, or heard by responders; the command did not
  /// take effect. Try again later.
  case overloaded
  /// The leader's log takes no entries at the moment, for its disk is nearly full; the command did
  /// not take effect. Free some space there, or let another node lead; then try again.
  case storageFull
  /// The command, or those of one call together, are longer than the limit, both in bytes; nothing took
  /// effect. Trying again does not help.
  case tooLarge(bytes: Int, limit: Int)
  /// The node does not run; the command did not take effect.
  case stopped(NodeFailure)
}

/// A read was not answered; trying again does no harm.
@nonexhaustive
public enum ReadError: Error, Hashable, Sendable {
  /// Another node leads, or none is known to. Ask there.
  case notLeader(LeaderHint?)
  /// No quorum confirmed in time that this node still leads; these nodes did.
  case noQuorum(heard: [NodeID])
  /// This node is a witness and has no state to read. Ask a replica.
  case witness
  /// The node does not run.
  case stopped(NodeFailure)
}

/// A membership was not changed, or the fate of the change is not known.
@nonexhaustive
public enum MembershipChangeError: Error, Hashable, Sendable {
  /// Another node leads, or none is known to; nothing was changed. Ask there.
  case notLeader(LeaderHint?)
  /// This node leads but has no contact to a quorum; nothing was changed. Try again later.
  case noQuorum
  /// This node is handing its leadership over to this one; nothing was changed. Ask there, or try
  /// again: a transfer that fails is given up soon.
  case transferring(to: LeaderHint)
  /// Another change is under way; nothing was changed. Try again when it is committed.
  case inProgress(committed: LogID?, effective: LogID?)
  /// The membership in force is not the one that the change was meant for; nothing was changed.
  /// Look at it and decide anew.
  case preconditionFailed(expected: LogID, actual: LogID?)
  /// The wish makes no membership; nothing was changed.
  case invalid(MembershipError)
  /// Leadership was lost on the way. Whoever leads next finishes or undoes the change: look at
  /// the membership before repeating it.
  case outcomeUnknown
  /// The member did not catch up in time, or does not answer. It is a learner; if it was to become
  /// a voter, whoever leads makes it one when it has caught up.
  case notCaughtUp(NodeID)
  /// The node does not run.
  case stopped(NodeFailure)
}

/// Leadership was not transferred, or whether it was is not known.
@nonexhaustive
public enum TransferError: Error, Hashable, Sendable {
  /// Another node leads, or none is known to; nothing was changed. Ask there.
  case notLeader(LeaderHint?)
  /// The target leads already: it is the node that was asked.
  case alreadyLeads
  /// The target does not belong to the cluster. Add it first.
  case notMember(NodeID)
  /// The target has no vote. Make it a voter first.
  case notVoter(NodeID)
  /// The target is a witness, which never leads. Choose a replica.
  case witness(NodeID)
  /// Nobody else has a vote and could lead, so nobody can take over.
  case noOtherVoter
  /// No other voter answered within the last election timeout. Try again when one does.
  case noneHeard
  /// Somebody wanted this other node to take over instead, before it had ended.
  case replaced(by: NodeID)
  /// The target did not take over in time. This node leads on and takes writes again; find out why
  /// the target is slow, or try another one.
  case givenUp(NodeID)
  /// This node does not lead any more, and whether the target does was not seen in time. Look who
  /// leads.
  case outcomeUnknown
  /// The node does not run.
  case stopped(NodeFailure)
}

/// A cluster was not founded.
@nonexhaustive
public enum BootstrapError: Error, Hashable, Sendable {
  /// The node has a log or has voted already: it belongs to a cluster, or was told to found one.
  case notAllowed(last: LogID?, vote: Vote)
  /// The node would not be a voter of its own cluster.
  case notVoter(NodeID, [Member])
  /// The node is a witness, or would be one: it could not lead its own cluster.
  case witness(NodeID)
  /// The members make no membership.
  case invalid(MembershipError)
  /// The node does not run.
  case stopped(NodeFailure)
}

/// A peer was not let start over.
@nonexhaustive
public enum LogReversionError: Error, Hashable, Sendable {
  /// Another node leads, or none is known to. Ask there.
  case notLeader(LeaderHint?)
  /// The leader does not know the peer to have lost anything.
  case nothingLost(NodeID)
  /// The node does not run.
  case stopped(NodeFailure)
}

/// A message of a peer was not handled.
@nonexhaustive
public enum RequestError: Error, Hashable, Sendable {
  /// The message is not for this node.
  case refused(ContactRefusal)
  /// No correct peer sends such a message.
  case malformed
  /// The node is starting, or busy with other requests of this kind. Try again later.
  case busy
  /// The snapshot could not be received.
  case interrupted(StorageError)
  /// The node does not run.
  case stopped(NodeFailure)
}

/// What was waited for did not come.
@nonexhaustive
public enum WaitError: Error, Hashable, Sendable {
  /// It did not come in time; what was waited for, and the last metrics seen.
  case timedOut(awaited: String, Metrics)
  /// The waiting task was cancelled before.
  case cancelled(awaited: String, Metrics)
  /// The node does not run, and stopped before it came.
  case stopped(NodeFailure, awaited: String, Metrics)
}
