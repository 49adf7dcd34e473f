extension Coverage {
  /// A line of the table of what was met.
  struct Row {
    let name: String
    let path: any WritableKeyPath<Coverage, Int> & Sendable
    /// How often 100 runs of 100,000 steps must meet it, of engines and of nodes; 0 if they need
    /// not, `nil` if it is not counted there.
    private let minimum: Int?
    private let ofNodes: Int?

    init(
      _ name: String, _ path: any WritableKeyPath<Coverage, Int> & Sendable, minimum: Int? = 0,
      ofNodes: Int? = 0
    ) {
      self.name = name
      self.path = path
      self.minimum = minimum
      self.ofNodes = ofNodes
    }

    func minimum(of subject: Scenario.Subject) -> Int? {
      subject == .engines ? self.minimum : self.ofNodes
    }
  }

  /// The table, in the order in which people read it.
  static let rows: [Row] = [
    Row("commits", \.commits, minimum: 100_000, ofNodes: 100_000),
    Row("leader changes", \.leaderChanges, minimum: 1000, ofNodes: 500),
    Row("crashes", \.crashes, ofNodes: 500),
    Row("crashes with lost tail", \.crashesWithLostTail, minimum: 100, ofNodes: 50),
    Row("torn tails", \.tornTails, ofNodes: nil),
    Row("nodes stopped by failures", \.failures, minimum: nil, ofNodes: 100),
    Row("disks lost", \.wipes, minimum: 20, ofNodes: 10),
    Row("messages to a former life", \.livesRefused, minimum: 100, ofNodes: nil),
    Row("voters rebuilt", \.rebuilds, minimum: 10, ofNodes: 10),
    Row("truncations", \.truncations, minimum: 100, ofNodes: 100),
    Row("snapshots built", \.snapshotsBuilt),
    Row("snapshot installs", \.snapshotInstalls, minimum: 100, ofNodes: 100),
    Row("positions kept by witnesses", \.positionsWithheld, minimum: 1000, ofNodes: 1000),
    Row("membership changes", \.membershipChanges, ofNodes: 100),
    Row(
      "changes finished by another leader", \.changesFinishedByAnother, minimum: 100, ofNodes: nil),
    Row("deposed with pending writes", \.deposedWithPendingWrites, minimum: 100, ofNodes: nil),
    Row("messages sent", \.messagesSent, minimum: nil),
    Row("messages lost", \.messagesLost, ofNodes: 1000),
    Row("messages duplicated", \.messagesDuplicated),
    Row("messages reordered", \.messagesReordered, ofNodes: nil),
    Row("messages held", \.messagesHeld, ofNodes: nil),
    Row("partitions", \.partitions),
    Row("disk stalls", \.diskStalls),
    Row("leaders whose disk hung", \.leadersStalled, minimum: 10, ofNodes: nil),
    Row("disks emptied", \.disksEmptied, ofNodes: nil),
    Row("pauses", \.pauses),
    Row("clock changes", \.clockChanges),
    Row("elections requested", \.electionsRequested),
    Row("transfers requested", \.transfersRequested),
    Row("transfers finished", \.transfersFinished, minimum: 100),
    Row("transfers given up", \.transfersGivenUp, minimum: 100),
    Row("transfers replaced", \.transfersReplaced, minimum: 50),
    Row("writes acknowledged", \.writesAcknowledged, ofNodes: 10_000),
    Row("writes refused", \.writesRefused),
    Row("writes of unknown outcome", \.writesUnknown, ofNodes: 100),
    Row("reads answered", \.readsAnswered, ofNodes: 1000),
    Row("reads by lease", \.readsByLease, minimum: 100, ofNodes: nil),
    Row("histories undecided", \.undecidedHistories),
  ]

  /// Every count with its name, in the order in which people read them.
  public var counts: [(name: String, count: Int)] {
    Self.rows.map { ($0.name, self[keyPath: $0.path]) }
  }

  /// The counts that runs of this subject can have.
  public func counts(of subject: Scenario.Subject) -> [(name: String, count: Int)] {
    Self.rows.filter { $0.minimum(of: subject) != nil }.map {
      ($0.name, self[keyPath: $0.path])
    }
  }

  /// What these runs have not met often enough.
  ///
  /// 100 runs of 100,000 steps of the profile ``Profile/chaos`` are measured against fixed
  /// numbers, and more must meet as much.
  public func shortfalls(of subject: Scenario.Subject) -> [String] {
    Self.rows.compactMap { row in
      let count = self[keyPath: row.path]
      let minimum = row.minimum(of: subject) ?? 0
      return count >= minimum ? nil : "\(row.name): \(count) of \(minimum)"
    }
  }

  // MARK: Faults

  /// A fault of this kind came.
  mutating func count(fault name: String) {
    self.faults[name, default: 0] += 1
  }

  /// The kinds of faults that came, by name.
  public var faultCounts: [(name: String, count: Int)] {
    self.faults.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What was met, from the names of the counts; names that are not known are passed over.
  public init(
    counts: [String: Int], faultCounts: [String: Int], simulatedTime: Int64
  ) {
    self.init()
    for row in Self.rows { self[keyPath: row.path] = counts[row.name] ?? 0 }
    self.faults = faultCounts
    self.simulatedTime = simulatedTime
  }
}
