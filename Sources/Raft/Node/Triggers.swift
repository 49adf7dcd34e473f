/// What an operator may set off by hand; each call returns at once, and the metrics show the effect.
///
/// ``RaftNode/withState(_:)`` shows the state after what was set off before.
public struct Triggers: Sendable {
  /// How a node that is told to stand for election begins.
  public enum ElectionStart: Hashable, Sendable {
    /// It asks first whether it could win, unless pre-votes are off.
    case whenPromising
    /// It stands at once.
    ///
    /// If it cannot win, it makes the others elect anew all the same.
    case atOnce
  }

  let core: RaftCore

  /// Campaigns now, if this node has a vote and does not lead; also if elections are switched off.
  ///
  /// A promise to a leader is not broken for that: the node begins as soon as the promise ends,
  /// unless it hears that leader again.
  public func startElection(_ start: ElectionStart = .whenPromising) {
    switch start {
    case .whenPromising: self.core.post(.input(.electionRequested))
    case .atOnce: self.core.post(.input(.campaignRequested))
    }
  }

  /// Makes a leader heard by all members now; also if heartbeats are switched off.
  public func heartbeat() {
    self.core.post(.input(.heartbeatRequested))
  }

  /// Builds a snapshot of what is applied now, if it is newer than the last one.
  public func buildSnapshot() {
    self.core.post(.input(.snapshotRequested))
  }

  /// Removes the entries through this index from this node's log, as far as a snapshot has them.
  ///
  /// ``Configuration/entriesKept`` and ``Configuration/entriesKeptForPeers`` do not hold for that:
  /// whoever still needs one of these entries gets a snapshot.
  public func purgeLog(through index: LogIndex) {
    self.core.post(.input(.purgeRequested(through: index)))
  }
}

extension RaftNode {
  /// What an operator may set off by hand.
  public var triggers: Triggers { Triggers(core: self.core) }
}
