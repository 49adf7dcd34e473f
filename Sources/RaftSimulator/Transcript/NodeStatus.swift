import Raft

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
