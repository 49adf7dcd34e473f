import RaftEngine

/// While a leader could answer a read by its lease, nobody begins to lead in a later round (§6.4.1).
///
/// Late grants may still make a leader of an earlier round. It commits nothing: the voters on whose
/// promises the lease rests are in the later one.
struct ExclusiveLease {
  /// A node begins to lead at a moment of the world.
  func elected(
    _ node: SimulatedNode, among nodes: [SimulatedNode], at now: Int64
  ) throws(Finding) {
    for other in nodes where other.id != node.id && other.isUp && other.leads {
      try self.check(
        node.engine.vote.leader, beside: other.engine.vote.leader,
        whoseLeaseHolds: other.engine.holdsLease(at: other.clock.instant(at: now)))
    }
  }

  func check(
    _ leader: LeaderID, beside other: LeaderID, whoseLeaseHolds holds: Bool
  ) throws(Finding) {
    guard holds, other < leader else { return }
    throw Finding(
      .exclusiveLease, "\(leader) begins to lead while \(other) could read by its lease")
  }
}
