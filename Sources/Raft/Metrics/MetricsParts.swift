/// Which parts of a node's metrics a watcher looks at, or a turn changed.
struct MetricsParts: OptionSet, Sendable {
  let rawValue: UInt16

  static let vote = MetricsParts(rawValue: 1 << 0)
  static let leader = MetricsParts(rawValue: 1 << 1)
  static let membership = MetricsParts(rawValue: 1 << 2)
  static let log = MetricsParts(rawValue: 1 << 3)
  static let flushed = MetricsParts(rawValue: 1 << 4)
  static let committed = MetricsParts(rawValue: 1 << 5)
  static let applied = MetricsParts(rawValue: 1 << 6)
  static let snapshot = MetricsParts(rawValue: 1 << 7)
  /// What a leader knows of its peers and its quorum.
  static let peers = MetricsParts(rawValue: 1 << 8)

  /// How many parts there are.
  static let count = 9
  static let all = MetricsParts(rawValue: (1 << MetricsParts.count) - 1)
  static let server: MetricsParts = [.vote, .leader, .membership]
  static let data: MetricsParts = [.log, .flushed, .committed, .applied, .snapshot, .peers]

  /// What is different in `new`; the end of a node is news to everybody.
  static func changed(from old: Metrics, to new: Metrics) -> MetricsParts {
    guard old.failure == new.failure else { return .all }
    var parts: MetricsParts = []
    if old.vote != new.vote { parts.insert(.vote) }
    if old.state != new.state || old.leader != new.leader
      || old.transferTarget != new.transferTarget
    {
      parts.insert(.leader)
    }
    if old.effectiveMembership != new.effectiveMembership
      || old.committedMembership != new.committedMembership || old.cluster != new.cluster
      || old.removedAt != new.removedAt
    {
      parts.insert(.membership)
    }
    if old.lastLogID != new.lastLogID || old.purged != new.purged { parts.insert(.log) }
    if old.flushed != new.flushed || old.storageTrouble != new.storageTrouble {
      parts.insert(.flushed)
    }
    if old.committed != new.committed || old.clusterCommitted != new.clusterCommitted
      || old.committedHeard != new.committedHeard
    {
      parts.insert(.committed)
    }
    if old.applied != new.applied { parts.insert(.applied) }
    if old.snapshot != new.snapshot { parts.insert(.snapshot) }
    if old.hasQuorumContact != new.hasQuorumContact
      || old.quorumAcknowledgedAt != new.quorumAcknowledgedAt
      || old.replication != new.replication || old.divergences != new.divergences
    {
      parts.insert(.peers)
    }
    // A field that no part names is still news to whoever looks at everything.
    if parts.isEmpty, old != new { parts = .all }
    return parts
  }

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The parts that this value is taken from.
  init(of path: PartialKeyPath<Metrics>) {
    switch path {
    case \Metrics.self: self = .all
    case \Metrics.applied: self = .applied
    case \Metrics.server: self = .server
    case \Metrics.data: self = .data
    case \Metrics.vote, \Metrics.term: self = .vote
    case \Metrics.state, \Metrics.leader: self = .leader
    case \Metrics.leadership, \Metrics.knownLeadership: self = [.leader, .vote]
    case \Metrics.effectiveMembership, \Metrics.committedMembership: self = .membership
    case \Metrics.lastLogID, \Metrics.purged: self = .log
    case \Metrics.flushed, \Metrics.flushed.vote, \Metrics.flushed.logID,
      \Metrics.storageTrouble:
      self = .flushed
    case \Metrics.committed, \Metrics.clusterCommitted: self = .committed
    case \Metrics.snapshot: self = .snapshot
    case \Metrics.replication, \Metrics.hasQuorumContact, \Metrics.quorumAcknowledgedAt,
      \Metrics.divergences:
      self = .peers
    default: self = .all
    }
  }
}
