public import Raft

/// How rough a simulated run is, and how its nodes are set up.
public struct NodeProfile: Sendable {
  /// How many nodes there are; the first ones found the cluster.
  public var nodeCount = 5
  /// How many of them found the cluster.
  public var founderCount = 3
  /// How many clients call.
  public var clientCount = 4
  /// For how long faults come, in virtual time.
  public var chaos: Duration = .seconds(12)
  /// Within what virtual time after the last fault everything must be well again.
  public var liveness: Duration = .seconds(60)
  /// After how many jobs a run ends as a failure.
  public var stepsMax = 20_000_000
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
  /// What a transcript plays by; `nil` where chance brings the troubles.
  var script: ScriptedPlay?

  /// A calm cluster with the default configuration.
  public init() {}

  /// The default: everything goes wrong, and the setup itself is drawn by the seed.
  public static func chaos(seed: UInt64) -> NodeProfile {
    var random = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 7)
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var profile = NodeProfile()
    profile.nodeCount = draw(3...5)
    profile.founderCount = draw(min(3, profile.nodeCount)...profile.nodeCount)
    if draw(0...9) == 0 { profile.founderCount = 1 }
    profile.clientCount = draw(2...6)
    profile.isStreaming = draw(0...1) == 0
    profile.leadershipRule = draw(0...1) == 0 ? .manyPerTerm : .onePerTerm
    if draw(0...5) == 0 { profile.diskLatency = 0...0 }
    var configuration = Configuration()
    configuration.electionTimeoutMin = .milliseconds(draw(100...200))
    configuration.electionTimeoutMax =
      configuration.electionTimeoutMin + .milliseconds(draw(50...300))
    configuration.heartbeatInterval = .milliseconds(draw(15...45))
    configuration.appendEntriesMax = [1, 3, 16, 1024][draw(0...3)]
    configuration.appendBytesMax = [1, 100, 1000, 1 << 20][draw(0...3)]
    configuration.appendWindow = draw(1...4)
    configuration.appendTimeout = .milliseconds(draw(50...300))
    configuration.snapshotTimeout = .milliseconds(draw(300...3000))
    configuration.readTimeout = .milliseconds(draw(50...400))
    configuration.abandonWritesAfter = .milliseconds(draw(300...3000))
    configuration.backoffMin = .milliseconds(draw(5...50))
    configuration.backoffMax = .milliseconds(draw(50...500))
    configuration.snapshotAfter = [nil, 10, 30, 100][draw(0...3)]
    configuration.entriesKept = [0, 5, 50][draw(0...2)]
    configuration.purgeBatch = draw(1...8)
    configuration.writeBytesMax = draw(0...3) == 0 ? 4000 : 16_384
    configuration.pendingBytesMax = draw(0...3) == 0 ? configuration.writeBytesMax : 1 << 20
    configuration.tailBytesMax = [0, 200, 8 << 20][draw(0...2)]
    profile.configuration = configuration
    return profile
  }
}
