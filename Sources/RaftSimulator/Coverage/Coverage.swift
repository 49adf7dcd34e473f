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
  /// Logs that were cut to follow a leader.
  public internal(set) var truncations = 0
  /// Snapshots that were built.
  public internal(set) var snapshotsBuilt = 0
  /// Snapshots of a leader that a machine took over.
  public internal(set) var snapshotInstalls = 0
  /// Memberships that were committed.
  public internal(set) var membershipChanges = 0
  /// Joint memberships that another leader finished than the one that wrote them.
  public internal(set) var changesFinishedByAnother = 0
  /// Leaders that lost their place while clients waited for writes.
  public internal(set) var deposedWithPendingWrites = 0
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
  /// Nodes that stood still for a while.
  public internal(set) var pauses = 0
  /// Clocks that changed their speed.
  public internal(set) var clockChanges = 0
  /// Elections that an operator asked for.
  public internal(set) var electionsRequested = 0
  /// Transfers of leadership that arrived.
  public internal(set) var transfersRequested = 0
  /// Writes that were acknowledged.
  public internal(set) var writesAcknowledged = 0
  /// Writes that were refused.
  public internal(set) var writesRefused = 0
  /// Writes whose outcome their client never knew.
  public internal(set) var writesUnknown = 0
  /// Reads that were answered.
  public internal(set) var readsAnswered = 0
  /// Runs whose calls were too many for the linearizability checker to decide.
  public internal(set) var undecidedHistories = 0
  /// Nanoseconds of the simulated world.
  public internal(set) var simulatedTime: Int64 = 0

  /// Nothing met yet.
  public init() {}

  /// Adds what another run met.
  public mutating func add(_ other: Coverage) {
    for row in Self.rows { self[keyPath: row.path] += other[keyPath: row.path] }
    self.simulatedTime += other.simulatedTime
  }

  /// A line of the table of what was met.
  struct Row {
    let name: String
    let path: any WritableKeyPath<Coverage, Int> & Sendable
    /// How often 100 runs of 100,000 steps must meet it; 0 if they need not.
    let minimum: Int

    init(_ name: String, _ path: any WritableKeyPath<Coverage, Int> & Sendable, minimum: Int = 0) {
      self.name = name
      self.path = path
      self.minimum = minimum
    }
  }

  /// The table, in the order in which people read it.
  static let rows: [Row] = [
    Row("commits", \.commits, minimum: 100_000),
    Row("leader changes", \.leaderChanges, minimum: 1000),
    Row("crashes", \.crashes),
    Row("crashes with lost tail", \.crashesWithLostTail, minimum: 100),
    Row("torn tails", \.tornTails),
    Row("disks lost", \.wipes),
    Row("messages to a former life", \.livesRefused),
    Row("voters rebuilt", \.rebuilds),
    Row("truncations", \.truncations, minimum: 100),
    Row("snapshots built", \.snapshotsBuilt),
    Row("snapshot installs", \.snapshotInstalls, minimum: 100),
    Row("membership changes", \.membershipChanges),
    Row("changes finished by another leader", \.changesFinishedByAnother, minimum: 100),
    Row("deposed with pending writes", \.deposedWithPendingWrites, minimum: 100),
    Row("messages lost", \.messagesLost),
    Row("messages duplicated", \.messagesDuplicated),
    Row("messages reordered", \.messagesReordered),
    Row("messages held", \.messagesHeld),
    Row("partitions", \.partitions),
    Row("disk stalls", \.diskStalls),
    Row("pauses", \.pauses),
    Row("clock changes", \.clockChanges),
    Row("elections requested", \.electionsRequested),
    Row("transfers requested", \.transfersRequested),
    Row("writes acknowledged", \.writesAcknowledged),
    Row("writes refused", \.writesRefused),
    Row("writes of unknown outcome", \.writesUnknown),
    Row("reads answered", \.readsAnswered),
    Row("histories undecided", \.undecidedHistories),
  ]

  /// Every count with its name, in the order in which people read them.
  public var counts: [(name: String, count: Int)] {
    Self.rows.map { ($0.name, self[keyPath: $0.path]) }
  }

  /// What runs with so many steps in all have not met often enough; 100 runs of 100,000 steps are
  /// measured against fixed numbers, and more steps must meet as much.
  public var shortfalls: [String] {
    Self.rows.compactMap { row in
      let count = self[keyPath: row.path]
      return count >= row.minimum ? nil : "\(row.name): \(count) of \(row.minimum)"
    }
  }
}
