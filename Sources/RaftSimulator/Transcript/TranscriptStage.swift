import Raft

/// What a transcript is played on: a cluster whose time goes on only when it is told.
protocol TranscriptStage: AnyObject {
  /// The first rule that was broken.
  var violation: String? { get }
  /// Told of the answers to calls.
  var onAnswer: (_ call: Int, _ text: String) -> Void { get set }
  /// Told of nodes that stop by themselves, and why.
  var onStop: (NodeID, String) -> Void { get set }

  func advance(by nanoseconds: Int64)

  // What there is to see.

  /// What a node says of itself; `nil` while it is down.
  func status(of id: NodeID) -> NodeStatus?
  func disk(of id: NodeID) -> DiskContent
  func register(_ register: Int, of id: NodeID) -> UInt64?

  // Calls; their answers come later.

  func write(_ value: UInt64, to register: Int, at id: NodeID, call: Int)
  func read(_ register: Int, at id: NodeID, barrierFrom other: NodeID, call: Int)
  func change(_ change: MembershipChange, _ removed: RemovedVoters, at id: NodeID, call: Int)
  func found(_ voters: [NodeID], at id: NodeID, call: Int)
  func ask(
    _ id: NodeID, for vote: Vote, last: LogID?, _ question: TranscriptCommand.Question, call: Int)
  func tell(_ append: TranscriptCommand.HandmadeAppend, call: Int)

  // What happens to nodes and to the network.

  func elect(_ id: NodeID)
  func buildSnapshot(_ id: NodeID)
  func transfer(from: NodeID, to: NodeID)
  func setCut(_ isCut: Bool, from: NodeID, to: NodeID)
  func addRule(
    _ verdict: MessageVerdict, of kind: MessageKind?, from: NodeID, to: NodeID,
    _ duration: RuleDuration, after passing: Int)
  func release()
  func crash(_ id: NodeID)
  func stop(_ id: NodeID)
  func start(_ id: NodeID)
  func wipe(_ id: NodeID)
  func pause(_ id: NodeID, for nanoseconds: Int64)
  func stall(_ id: NodeID)
  func resume(_ id: NodeID)
  func failDisk(_ id: NodeID)

  /// The end: everything that can only be judged as a whole.
  func finish()
}

/// What a node says of itself.
struct NodeStatus: Equatable {
  var state: ServerState
  var vote: Vote
  var leader: NodeID?
  var hasContact: Bool
  var purged: LogID?
  var last: LogID?
  var committed: LogID?
  var applied: LogID?
  var snapshot: LogID?
  var membership: Membership?

  /// What the node does, in a word or two.
  var role: String {
    switch self.state {
    case .leader: self.hasContact ? "leads" : "leads alone"
    case .candidate: "stands"
    case .follower: self.leader.map { "follows \($0)" } ?? "follows"
    case .learner: self.leader.map { "learns \($0)" } ?? "learns"
    default: "down"
    }
  }

  /// One line for a reply.
  var line: String {
    func index(_ logID: LogID?) -> String { logID.map { "\($0.index)" } ?? "-" }
    let first = self.purged.nextIndex
    let log = self.last.map { "\(first <= $0.index ? "\(first)" : "")..\($0)" } ?? "-"
    let padding = String(repeating: " ", count: max(0, 11 - self.role.count))
    let members = self.membership.map { "\($0)" } ?? "nobody"
    let snapshot = self.snapshot.map { "  snapshot \($0.index)" } ?? ""
    return """
      \(self.role)\(padding)  \(self.vote)  log \(log)  committed \(index(self.committed))  \
      applied \(index(self.applied))  \(members)\(snapshot)
      """
  }
}

/// What a node's disk holds.
struct DiskContent {
  var vote: Vote?
  var purged: LogID?
  var entries: [(logID: LogID, text: String)] = []

  /// One line for a reply: the vote, then each leadership's entries and where they begin.
  var line: String {
    var parts = [self.vote.map { "\($0)" } ?? "no vote"]
    if let purged = self.purged { parts.append("through \(purged) purged") }
    var leader: LeaderID?
    for entry in self.entries {
      if entry.logID.leader != leader {
        leader = entry.logID.leader
        parts.append("\(entry.logID)")
      }
      parts[parts.count - 1] += " \(entry.text)"
    }
    return parts.joined(separator: " | ")
  }

  /// How a command of a client is shown.
  static func text(register: Int, value: UInt64) -> String {
    value >= TranscriptOpening.firstValue
      ? "x" : "\(TranscriptStageNames.register(register))=\(value)"
  }
}

/// The words for what machines hold.
enum TranscriptStageNames {
  static func register(_ register: Int) -> String {
    register < CommandReader.registers.count ? String(CommandReader.registers[register]) : "x"
  }

  static func value(_ value: UInt64, of register: Int) -> String {
    "\(self.register(register))=\(value == 0 ? "nothing" : "\(value)")"
  }
}

/// What becomes of a message.
enum MessageVerdict {
  case carry
  case twice
  case lose
  case hold
}

/// How long a rule about messages stays.
enum RuleDuration {
  case once
  case untilReleased
}

/// The words for what calls are told, the same on every stage.
enum CallText {
  static func refused(_ leader: NodeID?) -> String {
    "refused: \(leader.map { "\($0) leads" } ?? "nobody leads")"
  }

  static let noQuorum = "refused: no quorum"
  static let notLeader = "refused: not the leader"
  static let unknown = "outcome unknown"
  static let inProgress = "refused: another change is under way"
  static let down = "refused: the node is down"

  static func done(at index: LogIndex) -> String { "done at \(index)" }

  static func vote(_ response: VoteResponse) -> String {
    response.isGranted ? "granted" : "refused: \(response.vote)"
  }

  static func append(_ outcome: AppendOutcome) -> String {
    func text(_ logID: LogID?) -> String { logID.map { "\($0)" } ?? "nothing" }
    return switch outcome {
    case .matched(let through): "matched through \(text(through))"
    case .conflict(let rejected, let hint): "lacks \(text(rejected)), try \(text(hint))"
    case .higherVote(let vote): "refused: \(vote)"
    }
  }
}
