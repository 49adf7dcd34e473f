import Raft
import RaftEngine

/// The settings under which transcripts are played: everything is quick and certain, and time
/// alone elects nobody for many commands.
struct ScriptedPlay {
  /// How long each command takes: four heartbeats.
  static let pause: Int64 = 200 * milliseconds
  /// What each message takes.
  static let messageDelay: Int64 = milliseconds
  /// The cluster that all prepared nodes belong to.
  static let cluster = ClusterID(high: 1, low: 1)

  /// How many nodes there are.
  var nodeCount = 1
  /// Which nodes run as witnesses.
  var witnesses: Set<NodeID> = []
  var rule = LeadershipRule.manyPerTerm
  var isPreVoteEnabled = true
  /// How many entries an append carries, and how many appends wait for their answers.
  var appendEntriesMax = 64
  var appendWindow = 1
  /// After how many applied entries a snapshot is built; `nil` for never.
  var snapshotAfter: Int?
  /// How many entries stay behind a snapshot.
  var entriesKept = 0

  /// How long node 1 waits for a leader; each other node half a second longer than the one before,
  /// so that it is always clear who stands first.
  static func patience(of id: NodeID) -> Int64 {
    (4500 + 500 * Int64(id.rawValue)) * milliseconds
  }

  /// The life of the data on a node's first disk.
  static func incarnation(of id: NodeID) -> Incarnation { Incarnation(id.rawValue) }

  func configuration(of id: NodeID) -> Configuration {
    var configuration = Configuration()
    configuration.electionTimeoutMin = .nanoseconds(Self.patience(of: id))
    configuration.electionTimeoutMax = .nanoseconds(Self.patience(of: id) + milliseconds)
    configuration.isPreVoteEnabled = self.isPreVoteEnabled
    configuration.heartbeatInterval = .milliseconds(50)
    configuration.promise = .milliseconds(100)
    configuration.appendEntriesMax = self.appendEntriesMax
    configuration.appendWindow = self.appendWindow
    configuration.appendTimeout = .seconds(30)
    configuration.snapshotTimeout = .seconds(60)
    configuration.readTimeout = .seconds(1)
    configuration.isHandoverAtShutdownEnabled = false
    configuration.abandonWritesAfter = .seconds(3)
    configuration.backoffMin = .milliseconds(10)
    configuration.backoffMax = .milliseconds(10)
    configuration.snapshotAfter = self.snapshotAfter
    configuration.entriesKept = self.entriesKept
    configuration.entriesKeptForPeers = 0
    return configuration
  }
}

extension Plan {
  /// The plan of a world in which a transcript is played.
  init(_ play: ScriptedPlay) {
    self.nodeCount = play.nodeCount
    self.voterCount = play.nodeCount
    self.rule = play.rule
    self.configuration = play.configuration(of: 1).engine
    self.otherPromises = []
    self.registerCount = SimulatedMachine.keyCount
    self.entriesPerMessage = .max
    self.networkDelay = ScriptedPlay.messageDelay
    self.flushDelay = 1
    self.machineDelay = 1
    self.lossPerMille = 0
    self.duplicatesPerMille = 0
    self.drift = 0
    self.callsMax = 64
    self.faultGap = 1
    self.clientGap = 1
    self.script = play
    self.witnesses = play.witnesses
  }

  /// What a node is configured with.
  func configuration(of id: NodeID) -> EngineConfiguration {
    var configuration = self.script?.configuration(of: id).engine ?? self.configuration
    configuration.role = self.role(of: id)
    return configuration
  }
}

extension NodeProfile {
  /// The profile of nodes with which a transcript is played.
  init(_ play: ScriptedPlay) {
    self.init()
    self.nodeCount = play.nodeCount
    self.witnesses = play.witnesses
    self.driftPerMillion = 0
    self.networkDelay = ScriptedPlay.messageDelay...ScriptedPlay.messageDelay
    self.diskLatency = 1000...1000
    self.leadershipRule = play.rule
    self.script = play
  }

  /// What a node is configured with.
  func configuration(of id: NodeID) -> Configuration {
    var configuration = self.script?.configuration(of: id) ?? self.configuration
    configuration.role = self.role(of: id)
    return configuration
  }

  /// What kind of member a node is.
  func role(of id: NodeID) -> Member.Role { self.witnesses.contains(id) ? .witness : .replica }

  /// The description of a node.
  func member(_ id: NodeID) -> Member {
    Member(id: id, address: "node-\(id)", role: self.role(of: id))
  }
}
