/// Something to wait for in a node's metrics.
public struct WaitCondition: Sendable {
  /// What is waited for, in words, for messages.
  public let name: String
  let isMet: @Sendable (Metrics) -> Bool

  /// A condition of the caller's own; it should be quick, as it is checked at every change.
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

  /// The log reaches this index at least.
  public static func logIndex(atLeast index: LogIndex) -> WaitCondition {
    WaitCondition("log index \(index)") { ($0.lastLogID?.index).nextIndex > index }
  }

  /// The log is committed through this index at least.
  public static func committed(atLeast index: LogIndex) -> WaitCondition {
    WaitCondition("committed index \(index)") { ($0.committed?.index).nextIndex > index }
  }

  /// The machine applied this index at least.
  public static func applied(atLeast index: LogIndex) -> WaitCondition {
    WaitCondition("applied index \(index)") { ($0.applied?.index).nextIndex > index }
  }

  /// A snapshot contains this index at least.
  public static func snapshot(atLeast index: LogIndex) -> WaitCondition {
    WaitCondition("snapshot index \(index)") { ($0.snapshot?.index).nextIndex > index }
  }

  /// The log is purged through this index at least.
  public static func purged(atLeast index: LogIndex) -> WaitCondition {
    WaitCondition("purged index \(index)") { ($0.purged?.index).nextIndex > index }
  }

  /// Exactly these nodes have a vote, in a membership that is committed and not joint.
  public static func voters(_ ids: [NodeID]) -> WaitCondition {
    let ids = ids.sorted()
    return WaitCondition("voters \(ids)") { metrics in
      metrics.committedMembership == metrics.effectiveMembership
        && metrics.committedMembership.membership?.configurations == [ids]
    }
  }
}
