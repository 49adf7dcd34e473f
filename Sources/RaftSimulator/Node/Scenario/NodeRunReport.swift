/// How a simulated run of real nodes went.
public struct NodeRunReport: Sendable {
  /// What decided.
  public let seed: UInt64
  /// How many jobs were run.
  public let steps: Int
  /// How much virtual time passed.
  public let virtualTime: Duration
  /// Stands for everything that happened, in order: equal for equal runs.
  public let hash: UInt64
  /// The first rule that was broken; `nil` if none was.
  public let violation: String?
  /// What the run covered.
  public let tally: NodeTally
  /// What happened, a line an event; `nil` unless text was asked for.
  public let trace: [String]?
}

extension NodeRunReport: CustomStringConvertible {
  /// One line: the seed, the size, the hash, and what went wrong.
  public var description: String {
    """
    seed \(self.seed): \(self.steps) steps, \(self.virtualTime), trace \
    \(String(self.hash, radix: 16))\(self.violation.map { ", VIOLATION: \($0)" } ?? "")
    """
  }
}
