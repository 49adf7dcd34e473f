extension LeaderHint: CustomStringConvertible {
  /// The member's description, or the id.
  public var description: String {
    self.member.map(String.init(describing:)) ?? "node \(self.id)"
  }
}

private func ask(_ hint: LeaderHint?) -> String {
  hint.map { "ask \($0)" } ?? "no leader is known here; try again, or ask another node"
}

extension WriteError: CustomStringConvertible {
  /// What happened to the command, and what to do.
  public var description: String {
    switch self {
    case .notLeader(let hint):
      "this node does not lead, the command did not take effect: \(ask(hint))"
    case .noQuorum:
      "the leader has no contact to a quorum, the command did not take effect: try again later"
    case .transferring(let hint):
      "leadership is being handed over, the command did not take effect: ask \(hint)"
    case .outcomeUnknown:
      "leadership or the quorum was lost; the command may or may not take effect"
    case .overloaded:
      "too many writes are waiting, the command did not take effect: try again later"
    case .storageFull:
      "the leader's disk is nearly full, the command did not take effect: free some space there, or "
        + "let another node lead, then try again"
    case .tooLarge(let bytes, let limit):
      "the command has \(bytes) bytes, more than the limit of \(limit)"
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension ReadError: CustomStringConvertible {
  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .notLeader(let hint):
      "this node does not lead: \(ask(hint))"
    case .noQuorum(let heard):
      "no quorum confirmed the leader in time, only \(heard): try again later"
    case .witness:
      "this node is a witness, it has no state to read: ask a replica"
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension MembershipChangeError: CustomStringConvertible {
  /// What happened to the change, and what to do.
  public var description: String {
    switch self {
    case .notLeader(let hint):
      "this node does not lead, nothing was changed: \(ask(hint))"
    case .noQuorum:
      "the leader has no contact to a quorum, nothing was changed: try again later"
    case .transferring(let hint):
      "leadership is being handed over, nothing was changed: ask \(hint)"
    case .inProgress(let committed, let effective):
      """
      another change is under way (committed \(committed.map(String.init(describing:)) ?? "none"), \
      in force \(effective.map(String.init(describing:)) ?? "none")): try again when it is done
      """
    case .preconditionFailed(let expected, let actual):
      """
      the membership in force is not the expected one at \(expected) but \
      \(actual.map { "that at \($0)" } ?? "none"), nothing was changed: look at it and decide anew
      """
    case .invalid(let error):
      "nothing was changed: \(error)"
    case .outcomeUnknown:
      "leadership was lost; the next leader finishes or undoes the change: look before repeating it"
    case .notCaughtUp(let id):
      "node \(id) did not catch up in time: check that it runs and is reachable"
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension TransferError: CustomStringConvertible {
  /// What became of the transfer, and what to do.
  public var description: String {
    switch self {
    case .notLeader(let hint):
      "this node does not lead, nothing was changed: \(ask(hint))"
    case .alreadyLeads:
      "the node leads already"
    case .notMember(let id):
      "node \(id) does not belong to the cluster: add it first"
    case .notVoter(let id):
      "node \(id) has no vote: make it a voter first"
    case .witness(let id):
      "node \(id) is a witness, it never leads: choose a replica"
    case .noOtherVoter:
      "nobody else has a vote and could lead, so nobody can take over"
    case .noneHeard:
      "no other voter answered lately: try again when one can be reached"
    case .replaced(let other):
      "node \(other) was asked to take over instead"
    case .givenUp(let id):
      "node \(id) did not take over in time, the leader leads on: see why node \(id) is slow"
    case .outcomeUnknown:
      "the leader stepped down, and who follows it was not seen in time: look who leads"
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension BootstrapError: CustomStringConvertible {
  /// Why no cluster was founded, and what to do.
  public var description: String {
    switch self {
    case .notAllowed(let last, let vote):
      """
      this node has a history already (log \(last.map(String.init(describing:)) ?? "empty"), \
      vote \(vote)): a cluster is founded once; use an empty data folder for a new one
      """
    case .notVoter(let id, let members):
      "node \(id) must be among the members of the cluster that it founds: \(members)"
    case .witness(let id):
      "node \(id) is a witness, it cannot lead a cluster: found it on a replica"
    case .invalid(let error):
      String(describing: error)
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension LogReversionError: CustomStringConvertible {
  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .notLeader(let hint):
      "this node does not lead: \(ask(hint))"
    case .nothingLost(let id):
      "node \(id) is not known to have lost anything that it had confirmed: look at the metrics"
    case .stopped(let failure):
      "the node does not run: \(failure)"
    }
  }
}

extension RequestError: CustomStringConvertible {
  /// Why the message was not handled.
  public var description: String {
    switch self {
    case .refused(let refusal): String(describing: refusal)
    case .malformed: "no correct peer sends such a message"
    case .busy: "the node is starting, or busy with other requests of this kind: try again later"
    case .interrupted(let error): "the snapshot could not be received: \(error)"
    case .stopped(let failure): "the node does not run: \(failure)"
    }
  }
}

extension WaitError: CustomStringConvertible {
  /// What was not reached.
  public var description: String {
    switch self {
    case .timedOut(let awaited, let metrics):
      "waited for \(awaited), which did not come in time; the node is at \(metrics)"
    case .cancelled(let awaited, let metrics):
      "the wait for \(awaited) was cancelled; the node is at \(metrics)"
    case .stopped(let failure, let awaited, let metrics):
      "waited for \(awaited), but the node does not run: \(failure); it ended at \(metrics)"
    }
  }
}
