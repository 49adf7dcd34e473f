/// What happens to a cluster that works well, for ``FailoverStudy``.
public enum FailoverTrouble: String, Hashable, Sendable, CaseIterable {
  /// The leader loses power and stays down.
  case crash
  /// One follower hears nobody, and everybody hears it.
  case deaf
  /// One follower hears everybody, and nobody hears it.
  case mute
  /// The leader and one follower do not hear each other; everything else works.
  case chained
  /// The leader and one other node hear each other; both groups hear that node, which is the bridge
  /// between them (openraft#2080).
  case bridge
  /// Everybody hears one follower, and else nobody hears anybody.
  case hub
  /// As ``hub``, but the leader hears nobody, and the hub's log is behind that of one follower, which
  /// therefore does not vote for it.
  ///
  /// If the hub lacked what is committed, it could not lead, and nobody else could reach a majority:
  /// then there is no leader until more ways work, in Raft as it is.
  case constrained

  /// What happens.
  public var summary: String {
    switch self {
    case .crash: "the leader is gone"
    case .deaf: "a follower hears nobody and is heard"
    case .mute: "a follower is not heard and hears all"
    case .chained: "leader and a follower do not hear each other"
    case .bridge: "the leader reaches one node only, which reaches all"
    case .hub: "all reach one follower only"
    case .constrained: "the leader is cut off, all reach one that is behind"
    }
  }

  /// The fewest nodes with which it is more than one of the others.
  var nodesMin: Int {
    switch self {
    case .crash, .deaf, .mute, .chained: 3
    case .bridge, .hub, .constrained: 5
    }
  }

  /// What the protocol promises, with pre-vote or without.
  public func bound(isPreVoteEnabled: Bool) -> FailoverBound {
    switch self {
    case .crash: .newLeader(withinTimeouts: 2)
    case .bridge, .hub: .newLeader(withinTimeouts: 4)
    case .constrained: isPreVoteEnabled ? .newLeader(withinTimeouts: 4) : .none
    case .deaf, .mute: .changes(perMinute: 0)
    case .chained: .changes(perMinute: 1)
    }
  }
}

/// How long a cluster may be without a leader, or how seldom its leader may change.
///
/// A timeout is the promise that a leader asks for and the largest election timeout behind it.
public enum FailoverBound: Hashable, Sendable {
  /// A new leader has committed its first entry after so many timeouts.
  case newLeader(withinTimeouts: Int)
  /// The leader changes no more often, since none had to.
  case changes(perMinute: Int)
  /// Nothing: the follower that is ahead stands again and again, and the hub votes for it, though
  /// it cannot win.
  case none
}
