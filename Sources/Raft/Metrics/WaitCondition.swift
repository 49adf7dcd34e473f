/// Something to wait for in a node's metrics.
public struct WaitCondition: Sendable {
  /// What is waited for, in words, for messages.
  public let name: String
  let isMet: @Sendable (Metrics) -> Bool

  /// A condition of the caller's own.
  ///
  /// It is checked at every change, in a task of whoever waits, so it should be quick.
  public init(_ name: String, _ isMet: @escaping @Sendable (Metrics) -> Bool) {
    self.name = name
    self.isMet = isMet
  }

  /// The node takes part in this way.
  public static func state(_ state: ServerState) -> WaitCondition {
    WaitCondition("state \(state)") { $0.state == state }
  }

  /// The node knows that this one leads.
  public static func leader(_ id: NodeID) -> WaitCondition {
    WaitCondition("leader \(id)") { $0.leader == id }
  }

  /// The node knows a leader, whoever it is.
  public static var anyLeader: WaitCondition {
    WaitCondition("a leader") { $0.leader != nil }
  }

  /// The node leads, a quorum follows it, and its own first entry is applied: it may serve.
  public static var servingLeader: WaitCondition {
    WaitCondition("a serving leader") { metrics in
      metrics.state == .leader && metrics.hasQuorumContact
        && metrics.applied?.leader == metrics.vote.leader
    }
  }

  /// The node leads, and a quorum acknowledged a message that left at this time or later: it led
  /// then, whatever happened since.
  public static func quorumAcknowledged(since time: Timestamp = .epoch) -> WaitCondition {
    WaitCondition("a quorum's acknowledgement since \(time)") { metrics in
      metrics.state == .leader && metrics.quorumAcknowledgedAt.map { $0 >= time } ?? false
    }
  }

  /// The node stands behind this vote.
  public static func vote(_ vote: Vote) -> WaitCondition {
    WaitCondition("vote \(vote)") { $0.vote == vote }
  }

  /// The node is in this round of election, or a later one.
  public static func term(atLeast term: Term) -> WaitCondition {
    WaitCondition("term \(term)") { $0.term >= term }
  }

  /// Exactly these nodes have a vote, in a membership that is committed and not joint.
  public static func voters(_ ids: [NodeID]) -> WaitCondition {
    let ids = ids.sorted()
    return WaitCondition("voters \(ids)") { metrics in
      metrics.committedMembership == metrics.effectiveMembership
        && metrics.committedMembership.membership?.configurations == [ids]
    }
  }

  /// Exactly these nodes are members, with a vote or without, in a membership that is committed
  /// and not joint.
  public static func members(_ ids: [NodeID]) -> WaitCondition {
    let ids = ids.sorted()
    return WaitCondition("members \(ids)") { metrics in
      guard metrics.committedMembership == metrics.effectiveMembership,
        let membership = metrics.committedMembership.membership
      else { return false }
      return !membership.isJoint && membership.members.map(\.id).sorted() == ids
    }
  }
}

// MARK: Positions

extension WaitCondition {
  /// The log reaches this index at least.
  public static func logIndex(atLeast index: LogIndex) -> WaitCondition {
    self.reached("log", index) { $0.lastLogID }
  }

  /// The log ends at this index.
  public static func logIndex(exactly index: LogIndex) -> WaitCondition {
    self.stands("log", at: index) { $0.lastLogID }
  }

  /// The log is durable here through this index at least.
  public static func flushed(atLeast index: LogIndex) -> WaitCondition {
    self.reached("flushed", index) { $0.flushed.logID }
  }

  /// The log is committed through this index at least.
  public static func committed(atLeast index: LogIndex) -> WaitCondition {
    self.reached("committed", index) { $0.committed }
  }

  /// The log is known to be committed through this index and no further.
  public static func committed(exactly index: LogIndex) -> WaitCondition {
    self.stands("committed", at: index) { $0.committed }
  }

  /// The machine applied this index at least.
  public static func applied(atLeast index: LogIndex) -> WaitCondition {
    self.reached("applied", index) { $0.applied }
  }

  /// The machine applied this index last.
  public static func applied(exactly index: LogIndex) -> WaitCondition {
    self.stands("applied", at: index) { $0.applied }
  }

  /// A snapshot contains this index at least.
  public static func snapshot(atLeast index: LogIndex) -> WaitCondition {
    self.reached("snapshot", index) { $0.snapshot }
  }

  /// The newest snapshot ends at this position.
  public static func snapshot(_ logID: LogID) -> WaitCondition {
    WaitCondition("snapshot at \(logID)") { $0.snapshot == logID }
  }

  /// The log is purged through this index at least.
  public static func purged(atLeast index: LogIndex) -> WaitCondition {
    self.reached("purged", index) { $0.purged }
  }

  /// The log is purged through this position and no further.
  public static func purged(_ logID: LogID) -> WaitCondition {
    WaitCondition("purged through \(logID)") { $0.purged == logID }
  }

  private static func reached(
    _ name: String, _ index: LogIndex, _ position: @escaping @Sendable (Metrics) -> LogID?
  ) -> WaitCondition {
    WaitCondition("\(name) index \(index) or more") { position($0).nextIndex > index }
  }

  private static func stands(
    _ name: String, at index: LogIndex, _ position: @escaping @Sendable (Metrics) -> LogID?
  ) -> WaitCondition {
    WaitCondition("\(name) index \(index)") { position($0)?.index == index }
  }
}

// MARK: Any metric

extension WaitCondition {
  /// One of the metrics has this value.
  public static func metric<Value: Equatable & Sendable>(
    _ path: any KeyPath<Metrics, Value> & Sendable, is value: Value
  ) -> WaitCondition {
    WaitCondition("\(path) = \(value)") { $0[keyPath: path] == value }
  }

  /// One of the metrics has at least this value.
  public static func metric<Value: Comparable & Sendable>(
    _ path: any KeyPath<Metrics, Value> & Sendable, isAtLeast value: Value
  ) -> WaitCondition {
    WaitCondition("\(path) ≥ \(value)") { $0[keyPath: path] >= value }
  }

  /// One of the metrics has a value, and at least this one.
  public static func metric<Value: Comparable & Sendable>(
    _ path: any KeyPath<Metrics, Value?> & Sendable, isAtLeast value: Value
  ) -> WaitCondition {
    WaitCondition("\(path) ≥ \(value)") { $0[keyPath: path].map { $0 >= value } ?? false }
  }
}
