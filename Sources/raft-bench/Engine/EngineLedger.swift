import RaftEngine

/// What steps of engines cost, by the event that they take and who takes it.
struct EngineLedger {
  /// A kind of step.
  struct Kind: Hashable {
    let scenario: EngineScenario
    /// What the node was that took it.
    let state: ServerState
    let event: String
  }

  /// What the steps of one kind cost.
  struct Row {
    let kind: Kind
    private(set) var steps = 0
    private(set) var allocations: UInt64 = 0
    /// Nanoseconds of processor time for each block of steps.
    private(set) var blocks: [Int64] = []

    init(_ kind: Kind) {
      self.kind = kind
    }

    mutating func add(steps: Int, nanoseconds: Int64, allocations: UInt64) {
      self.steps += steps
      self.allocations += allocations
      self.blocks.append(nanoseconds)
    }

    /// Processor time a step: that of the median block, since some are disturbed.
    var nanosecondsPerStep: Double {
      guard !self.blocks.isEmpty else { return 0 }
      let median = self.blocks.sorted()[self.blocks.count / 2]
      return Double(max(median, 0)) * Double(self.blocks.count) / Double(self.steps)
    }

    var stepsPerSecond: Double { 1e9 / max(self.nanosecondsPerStep, 0.001) }
    var allocationsPerStep: Double { Double(self.allocations) / Double(self.steps) }
  }

  /// In the order in which the kinds were first seen.
  private(set) var rows: [Row] = []
  private var places: [Kind: Int] = [:]

  mutating func add(
    _ kind: Kind, steps: Int, nanoseconds: Int64, allocations: UInt64
  ) {
    let place = self.places[kind] ?? self.rows.count
    if place == self.rows.count {
      self.places[kind] = place
      self.rows.append(Row(kind))
    }
    self.rows[place].add(steps: steps, nanoseconds: nanoseconds, allocations: allocations)
  }
}
