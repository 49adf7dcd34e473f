/// How often a run met what it is there to meet; sums over several runs add up.
public struct Coverage: Hashable, Sendable {
  /// Entries that were committed.
  public internal(set) var commits = 0
  /// Leaders that were elected.
  public internal(set) var leaderChanges = 0
  /// Losses of power.
  public internal(set) var crashes = 0
  /// Losses of power that took entries which had not become durable.
  public internal(set) var crashesWithLostTail = 0
  /// Losses of power that tore a write apart.
  public internal(set) var tornTails = 0
  /// Disks that were lost.
  public internal(set) var wipes = 0
  /// Messages that met another life of their receiver than the one they were meant for.
  public internal(set) var livesRefused = 0
  /// Members that came back to a vote after they had lost their disk.
  public internal(set) var rebuilds = 0
  /// Nodes that stopped because their store or machine failed.
  public internal(set) var failures = 0
  /// Logs that were cut to follow a leader.
  public internal(set) var truncations = 0
  /// Snapshots that were built.
  public internal(set) var snapshotsBuilt = 0
  /// Snapshots of a leader that a machine took over.
  public internal(set) var snapshotInstalls = 0
  /// Entries that a witness stored without their payloads.
  public internal(set) var positionsWithheld = 0
  /// Memberships that were committed.
  public internal(set) var membershipChanges = 0
  /// Joint memberships that another leader finished than the one that wrote them.
  public internal(set) var changesFinishedByAnother = 0
  /// Leaders that lost their place while clients waited for writes.
  public internal(set) var deposedWithPendingWrites = 0
  /// Messages that were sent; counted in runs of nodes.
  public internal(set) var messagesSent = 0
  /// Messages that never arrived.
  public internal(set) var messagesLost = 0
  /// Messages that came twice.
  public internal(set) var messagesDuplicated = 0
  /// Messages that arrived after one that was sent later on the same link.
  public internal(set) var messagesReordered = 0
  /// Messages that a link held back.
  public internal(set) var messagesHeld = 0
  /// Times at which links were cut.
  public internal(set) var partitions = 0
  /// Disks that made nothing durable for a while.
  public internal(set) var diskStalls = 0
  /// Leaders that lost their place while their disk hung.
  public internal(set) var leadersStalled = 0
  /// Removed nodes that got an empty disk.
  public internal(set) var disksEmptied = 0
  /// Nodes that stood still for a while.
  public internal(set) var pauses = 0
  /// Clocks that changed their speed.
  public internal(set) var clockChanges = 0
  /// Elections that an operator asked for.
  public internal(set) var electionsRequested = 0
  /// Requests to take over that left a leader.
  public internal(set) var transfersRequested = 0
  /// Transfers of leadership that ended with the target's election.
  public internal(set) var transfersFinished = 0
  /// Transfers of leadership that were given up; the leader led on.
  public internal(set) var transfersGivenUp = 0
  /// Transfers of leadership in whose place another target was wanted.
  public internal(set) var transfersReplaced = 0
  /// Writes that were acknowledged.
  public internal(set) var writesAcknowledged = 0
  /// Writes that were refused.
  public internal(set) var writesRefused = 0
  /// Writes whose outcome their client never knew.
  public internal(set) var writesUnknown = 0
  /// Reads that were answered.
  public internal(set) var readsAnswered = 0
  /// Reads that were admitted by a lease.
  public internal(set) var readsByLease = 0
  /// Runs whose calls were too many for the linearizability checker to decide.
  public internal(set) var undecidedHistories = 0
  /// How often each kind of fault came.
  var faults: [String: Int] = [:]
  /// Nanoseconds of the simulated world.
  public internal(set) var simulatedTime: Int64 = 0

  /// Nothing met yet.
  public init() {}

  /// Adds what another run met.
  public mutating func add(_ other: Coverage) {
    for row in Self.rows { self[keyPath: row.path] += other[keyPath: row.path] }
    self.faults.merge(other.faults) { $0 + $1 }
    self.simulatedTime += other.simulatedTime
  }
}
