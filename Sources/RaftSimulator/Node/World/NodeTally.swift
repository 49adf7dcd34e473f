/// How often what happened in a run: what it covered.
public struct NodeTally: Hashable, Sendable {
  /// Commands applied somewhere, each counted once.
  public var committed = 0
  /// Calls of clients that took effect or were answered.
  public var succeeded = 0
  /// Calls of which nobody knows whether they took effect.
  public var unknown = 0
  /// Calls that were promised not to have taken effect.
  public var refused = 0
  /// Linearizable reads that were answered.
  public var reads = 0
  /// Changes of the leader that somebody saw.
  public var leaderChanges = 0
  /// Nodes that lost power.
  public var crashes = 0
  /// Nodes that lost their disks and came back as voters.
  public var rebuilds = 0
  /// Crashes in which writes that were not durable were lost.
  public var lostTails = 0
  /// Nodes that stopped because their store or machine failed.
  public var failures = 0
  /// Truncations of a log.
  public var truncations = 0
  /// Snapshots that were built or received.
  public var snapshots = 0
  /// Snapshots that took the place of a running machine's state.
  public var installs = 0
  /// Memberships that were changed.
  public var membershipChanges = 0
  /// Messages sent.
  public var messages = 0
  /// Messages that never arrived, or whose answer did not.
  public var lostMessages = 0

  /// Nothing yet.
  public init() {}

  /// Adds what another run covered.
  public static func += (sum: inout NodeTally, other: NodeTally) {
    sum.committed += other.committed
    sum.succeeded += other.succeeded
    sum.unknown += other.unknown
    sum.refused += other.refused
    sum.reads += other.reads
    sum.leaderChanges += other.leaderChanges
    sum.crashes += other.crashes
    sum.rebuilds += other.rebuilds
    sum.lostTails += other.lostTails
    sum.failures += other.failures
    sum.truncations += other.truncations
    sum.snapshots += other.snapshots
    sum.installs += other.installs
    sum.membershipChanges += other.membershipChanges
    sum.messages += other.messages
    sum.lostMessages += other.lostMessages
  }
}

extension NodeTally: CustomStringConvertible {
  /// One line.
  public var description: String {
    """
    committed \(self.committed), succeeded \(self.succeeded), unknown \(self.unknown), \
    refused \(self.refused), reads \(self.reads), leader changes \(self.leaderChanges), \
    crashes \(self.crashes) (\(self.lostTails) with lost tail), rebuilds \(self.rebuilds), \
    failures \(self.failures), \
    truncations \(self.truncations), snapshots \(self.snapshots) (\(self.installs) installed), \
    membership changes \(self.membershipChanges), messages \(self.messages) \
    (\(self.lostMessages) lost)
    """
  }
}
