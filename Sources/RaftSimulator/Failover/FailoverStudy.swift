public import Raft
import RaftEngine

/// How long a cluster is without a leader, measured in virtual time: your configuration, one
/// trouble, many seeds.
///
/// ```swift
/// var configuration = Configuration()
/// configuration.electionTimeoutMin = .milliseconds(500)
/// configuration.electionTimeoutMax = .milliseconds(1000)
/// let study = FailoverStudy(configuration)
/// let result = try study.run(.crash, seeds: 1...100)
/// print(result.longest)
/// ```
/// Each run founds a cluster, lets clients write to it for a while, brings the trouble, and looks on
/// for a minute of virtual time, or as long as you say. All checkers of a simulation look on, too.
public struct FailoverStudy: Sendable {
  /// What all nodes are configured with.
  public let configuration: Configuration
  /// How many nodes there are.
  public let nodeCount: Int
  /// The longest usual time that a message takes.
  public let networkDelay: Duration
  /// How long each run looks on after the trouble came.
  public let span: Duration

  /// A study of this configuration.
  ///
  /// - Parameters:
  ///   - configuration: What all nodes are configured with.
  ///   - nodeCount: How many nodes there are, all voters: 3 to 9. The troubles that need five nodes
  ///     take five at least.
  ///   - networkDelay: The longest usual time that a message takes.
  ///   - span: How long each run looks on after the trouble came, in virtual time.
  public init(
    _ configuration: Configuration = Configuration(), nodeCount: Int = 5,
    networkDelay: Duration = .milliseconds(1), span: Duration = .seconds(60)
  ) {
    precondition((3...9).contains(nodeCount), "a failover among \(nodeCount) nodes")
    self.configuration = configuration
    self.nodeCount = nodeCount
    self.networkDelay = networkDelay
    self.span = span
  }

  /// What was seen in many runs with one trouble.
  public struct Result: Hashable, Sendable {
    /// The trouble.
    public let trouble: FailoverTrouble
    /// How long each cluster had no leader that could commit, the shortest time first; the span
    /// stands for a whole run without.
    public internal(set) var times: [Duration] = []
    /// The most leaders that one run saw after the trouble came.
    public internal(set) var changesMax = 0
    /// What the protocol promises.
    public let bound: FailoverBound
    /// The bound on the time without a leader; `nil` if there is none.
    public let timeBound: Duration?

    /// The time that half of the runs did not need.
    public var median: Duration { self.times.isEmpty ? .zero : self.times[self.times.count / 2] }

    /// The longest time.
    public var longest: Duration { self.times.last ?? .zero }

    /// Whether all runs kept to what the protocol promises.
    public var isKept: Bool {
      switch self.bound {
      case .newLeader: self.timeBound.map { self.longest <= $0 } ?? false
      case .changes(let most): self.changesMax <= most
      case .none: true
      }
    }
  }

  /// Runs one trouble with each seed.
  ///
  /// - Throws: The ``Violation`` of the first run in which a checker complains.
  public func run(
    _ trouble: FailoverTrouble, seeds: ClosedRange<UInt64>
  ) throws(Violation) -> Result {
    let bound = trouble.bound(isPreVoteEnabled: self.configuration.isPreVoteEnabled)
    var result = Result(trouble: trouble, bound: bound, timeBound: self.time(of: bound))
    for seed in seeds {
      let run = FailoverRun(self, trouble, seed: seed)
      let (time, changes) = try run.outcome()
      result.times.append(.nanoseconds(time))
      result.changesMax = max(result.changesMax, changes)
    }
    result.times.sort()
    return result
  }

  private func time(of bound: FailoverBound) -> Duration? {
    guard case .newLeader(let count) = bound else { return nil }
    let promise = self.configuration.promise ?? self.configuration.electionTimeoutMin
    return (promise + self.configuration.electionTimeoutMax) * count
  }
}
