import RaftConcurrency

/// What a node does of its own accord, each of which can be turned off and on while it runs.
///
/// For maintenance and for tests. What somebody asks for by hand is done all the same.
///
/// ```swift
/// node.switches.isElectionEnabled = false
/// ```
public struct Switches: Sendable {
  let core: RaftCore

  /// Whether time alone makes a voter stand for election or a leader speak.
  public var isTickEnabled: Bool {
    get { self.isOn(.tick) }
    nonmutating set { self.set(.tick, newValue) }
  }

  /// Whether a leader makes itself heard when it has nothing to send.
  ///
  /// Without it a leader that is asked for nothing loses its quorum, and the others elect anew.
  public var isHeartbeatEnabled: Bool {
    get { self.isOn(.heartbeat) }
    nonmutating set { self.set(.heartbeat, newValue) }
  }

  /// Whether a voter that misses its leader stands for election.
  ///
  /// It still votes for others, takes over when its leader asks it to, and can be told to stand:
  /// ``Triggers/startElection(_:)``.
  public var isElectionEnabled: Bool {
    get { self.isOn(.election) }
    nonmutating set { self.set(.election, newValue) }
  }

  /// Whether a voter asks, before it stands for election, if it could win.
  public var isPreVoteEnabled: Bool {
    get { self.isOn(.preVote) }
    nonmutating set { self.set(.preVote, newValue) }
  }

  private func isOn(_ choice: EngineSwitches) -> Bool {
    self.core.switches.withLock { $0.contains(choice) }
  }

  /// The node hears of changes in the order in which they were made.
  private func set(_ choice: EngineSwitches, _ isOn: Bool) {
    self.core.switches.withLock { switches in
      if isOn { switches.insert(choice) } else { switches.remove(choice) }
      self.core.post(.input(.switched(switches)))
    }
  }
}

extension RaftNode {
  /// What this node does of its own accord; ``configuration`` says how it starts.
  public var switches: Switches { Switches(core: self.core) }
}
