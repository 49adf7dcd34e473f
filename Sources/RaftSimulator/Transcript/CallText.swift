import Raft

/// The words for what calls are told and what machines hold, the same on every stage.
enum CallText {
  static func register(_ register: Int) -> String {
    register < CommandReader.registers.count ? String(CommandReader.registers[register]) : "x"
  }

  static func value(_ value: UInt64, of register: Int) -> String {
    "\(self.register(register))=\(value == 0 ? "nothing" : "\(value)")"
  }

  static func refused(_ leader: NodeID?) -> String {
    "refused: \(leader.map { "\($0) leads" } ?? "nobody leads")"
  }

  static func transferring(to id: NodeID) -> String { "refused: hands over to \(id)" }

  /// What becomes of the wish that a leader hand over.
  enum Handover {
    static func done(to id: NodeID) -> String { "done: \(id) takes over" }
    static func noMember(_ id: NodeID) -> String { "refused: \(id) is no member" }
    static func witness(_ id: NodeID) -> String { "refused: \(id) is a witness" }
    static func noVoter(_ id: NodeID) -> String { "refused: \(id) has no vote" }
    static func replaced(by id: NodeID) -> String { "refused: \(id) shall take over instead" }
    static func givenUp(_ id: NodeID) -> String { "given up: \(id) did not take over" }
    static let alreadyLeads = "refused: it leads itself"
    static let noOtherVoter = "refused: nobody else has a vote"
    static let noneHeard = "refused: nobody else is heard"
  }

  static let noQuorum = "refused: no quorum"
  static let notLeader = "refused: not the leader"
  static let unknown = "outcome unknown"
  static let inProgress = "refused: another change is under way"
  static func otherMembership(_ logID: LogID?) -> String {
    "refused: \(logID.map { "\($0)" } ?? "nothing") is in force"
  }
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
