/// What a cluster of engines is made to do, again and again.
enum EngineScenario: String, CaseIterable, Sendable {
  /// One put, of one command.
  case write
  /// One heartbeat to everybody.
  case heartbeat
  /// One read confirmed by a quorum, and one by the lease.
  case read
  /// The leader falls silent, and a follower is elected.
  case election
  /// The vote of one member goes to another one, through a joint membership.
  case membership
  /// The leadership is handed to the next member.
  case transfer
  /// A follower misses what is purged meanwhile, and gets a snapshot.
  case snapshot
}
