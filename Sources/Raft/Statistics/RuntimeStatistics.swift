/// How long the writes of a node took in each stage of their way, and how large its batches were.
///
/// Off until ``RaftNode/startMeasuring()``; a node that does not measure reads no clock for it.
/// Writes that come together go together, so times are taken once for each batch: of the first
/// command that was put into it until its last one is answered. Only what this node proposed as
/// leader is timed.
public struct RuntimeStatistics: Hashable, Sendable {
  /// A stretch of a batch's way through its leader.
  public enum Stage: Int, Hashable, Sendable, CaseIterable {
    /// From the first command put into the open batch until the core takes the batch.
    case queue
    /// From there until the log store has it.
    case append
    /// From there until it is durable on this node.
    case flush
    /// From the log store, beside ``flush``, until it is committed.
    case commit
    /// From the commit until the machine begins with it.
    case wait
    /// From there until the machine applied it; each writer is answered right after its command.
    case apply
    /// From the first command put into the batch until the last one is answered.
    case total
  }

  /// When the measuring began.
  public let since: Timestamp
  /// How often the core took a turn.
  public internal(set) var turns: UInt64 = 0
  /// Batches that were not timed, because more than 1024 were under way.
  public internal(set) var untimed: UInt64 = 0
  private var inputCounts = [UInt64](repeating: 0, count: 64)
  private var stages = [Distribution](repeating: Distribution(), count: Stage.allCases.count)
  private var sizes: [Measure.Histogram: Distribution] = [:]

  init(since: Timestamp) {
    self.since = since
  }

  /// How often the engine was told of each kind of thing, by the names that its inputs have.
  public var inputs: [String: UInt64] {
    var inputs: [String: UInt64] = [:]
    for kind in FlightKind.allCases where self.inputCounts[Int(kind.rawValue)] > 0 {
      inputs[String(describing: kind)] = self.inputCounts[Int(kind.rawValue)]
    }
    return inputs
  }

  /// How long batches took in this stage, in nanoseconds.
  public subscript(stage: Stage) -> Distribution { self.stages[stage.rawValue] }

  /// How large something was each time.
  public subscript(histogram: Measure.Histogram) -> Distribution {
    self.sizes[histogram] ?? Distribution()
  }

  mutating func record(_ start: Instant, to end: Instant, in stage: Stage) {
    self.stages[stage.rawValue].add(UInt64(clamping: start.nanoseconds(to: end)))
  }

  mutating func record(_ kind: FlightKind) {
    self.inputCounts[Int(kind.rawValue)] += 1
  }

  mutating func record(_ size: Int, in histogram: Measure.Histogram) {
    self.sizes[histogram, default: Distribution()].add(UInt64(clamping: size))
  }
}

extension RuntimeStatistics: CustomStringConvertible {
  /// A table for people.
  public var description: String {
    var lines = ["stage: batches, median, 99 %, longest"]
    for stage in Stage.allCases {
      let times = self[stage]
      lines.append(
        "\(stage): \(times.count), \(times.time(at: 0.5)), \(times.time(at: 0.99)), "
          + "\(times.time(at: 1))")
    }
    lines.append("size: times, mean, largest")
    for histogram in Measure.Histogram.allCases {
      let sizes = self[histogram]
      lines.append("\(histogram): \(sizes.count), \(sizes.mean), \(sizes.max)")
    }
    return lines.joined(separator: "\n")
  }
}

extension RaftNode {
  /// Begins to measure, from nothing, until ``stopMeasuring()``.
  ///
  /// It costs a few readings of the clock for each batch of writes.
  public func startMeasuring() {
    let core = self.core
    core.instruments.start(at: core.timestamp(of: core.clock.now()))
  }

  /// Ends the measuring, and returns what it found; `nil` if nothing was being measured.
  @discardableResult
  public func stopMeasuring() -> RuntimeStatistics? {
    self.core.instruments.stop()
  }

  /// What was measured so far; `nil` if nothing is being measured.
  public var statistics: RuntimeStatistics? { self.core.instruments.statistics }
}
