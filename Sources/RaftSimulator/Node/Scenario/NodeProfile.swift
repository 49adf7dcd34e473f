public import Raft

/// How the nodes of a simulated run are set up, and how rough their world is.
public struct NodeProfile: Sendable {
  /// How many nodes there are; the first ones found the cluster.
  public var nodeCount = 5
  /// How many of them found the cluster.
  public var founderCount = 3
  /// Which nodes are witnesses for as long as they are members; never the first one, and no
  /// majority of the founders.
  public var witnesses: Set<NodeID> = []
  /// How many clients call.
  public var clientCount = 4
  /// Within what virtual time after the last fault everything must be well again.
  public var liveness: Duration = .seconds(60)
  /// After how many steps behind those of the scenario a run ends as a failure.
  public var recoverySteps = 20_000_000
  /// The pause between two faults, in nanoseconds.
  public var faultPause: ClosedRange<Int64> = 20_000_000...900_000_000
  /// How far clocks go wrong, in millionths.
  public var driftPerMillion: Int64 = 20_000
  /// How long a message takes when nothing is wrong, in nanoseconds.
  public var networkDelay: ClosedRange<Int64> = 100_000...3_000_000
  /// How long a flush takes when nothing is wrong, in nanoseconds; zero is durable at once.
  public var diskLatency: ClosedRange<Int64> = 50_000...4_000_000
  /// Whether the transport takes appends as a stream.
  public var isStreaming = false
  /// Whether a term may have several leaders.
  public var leadershipRule = LeadershipRule.manyPerTerm
  /// The configuration of all nodes.
  public var configuration = Configuration()
  /// A machine that goes wrong, to see whether the nodes find out; `nil` for none.
  var stray: Stray?
  /// What a transcript plays by; `nil` where chance brings the troubles.
  var script: ScriptedPlay?

  /// One command that one node's machine applies otherwise than all others do.
  struct Stray: Sendable {
    let node: NodeID
    /// The number of the command among all that the machine applied, from 1 on.
    let command: Int
  }

  /// A calm cluster with the default configuration.
  public init() {}
}
