/// Everything that decides how a run goes: the same scenario, the same run, in any process.
public struct Scenario: Hashable, Sendable {
  /// Where all chance comes from.
  public var seed: UInt64
  /// Which troubles come, and how often.
  public var profile: Profile
  /// How many inputs the engines get before the troubles end.
  public var steps: Int
  /// How many nodes there are, from 1 to 9; `nil` lets the seed decide.
  public var nodeCount: Int?

  /// A run of this seed.
  public init(
    seed: UInt64, profile: Profile = .chaos, steps: Int = 100_000, nodeCount: Int? = nil
  ) {
    self.seed = seed
    self.profile = profile
    self.steps = steps
    self.nodeCount = nodeCount
  }

  /// The words that name this scenario to `raft-sim replay`.
  public var arguments: String {
    "\(self.seed) --profile \(self.profile.name) --steps \(self.steps)"
      + (self.nodeCount.map { " --nodes \($0)" } ?? "")
  }
}
