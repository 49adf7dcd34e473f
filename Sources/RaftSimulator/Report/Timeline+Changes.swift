import Raft

extension Timeline.Step {
  /// What the step changed in its node, in a few words each.
  var changes: [String] {
    guard let after = self.after else { return [] }
    guard let before = self.before else {
      return [after.role.word, "\(after.vote)", "log \(Self.text(after.last))"]
    }
    var changes: [String] = []
    if before.role != after.role { changes.append("\(before.role.word) > \(after.role.word)") }
    if before.vote != after.vote { changes.append("vote \(after.vote)") }
    Self.note("purged", before.purged, after.purged, in: &changes)
    Self.note("log", before.last, after.last, in: &changes)
    if before.durable != after.durable {
      changes.append("durable \(after.durable.map { "\($0)" } ?? "-")")
    }
    Self.note("commit", before.committed, after.committed, in: &changes)
    Self.note("applied", before.applied, after.applied, in: &changes)
    if before.membership != after.membership { changes.append("members \(after.membership)") }
    return changes
  }

  private static func note(
    _ name: String, _ before: LogID?, _ after: LogID?, in changes: inout [String]
  ) {
    guard before != after else { return }
    let isSameLeader = before?.leader == after?.leader
    let new = isSameLeader ? after.map { "\($0.index)" } ?? "-" : Self.text(after)
    changes.append("\(name) \(before.map { "\($0.index)" } ?? "-") > \(new)")
  }

  private static func text(_ logID: LogID?) -> String { logID.map { "\($0)" } ?? "-" }
}

extension ServerState {
  /// The state in one word.
  var word: String {
    switch self {
    case .learner: "learner"
    case .follower: "follower"
    case .candidate: "candidate"
    case .leader: "leader"
    case .shutdown: "shutdown"
    }
  }
}

extension Timeline {
  /// What happened, and who reaches whom since then if links were cut.
  func text(of fault: Fault) -> String {
    guard case .linksCut(let links) = fault.mark, !links.isEmpty else { return fault.text }
    let groups = Self.groups(of: self.nodes, without: links)
    guard groups.count > 1 else {
      let links = links.map { "n\($0.from)>n\($0.to)" }
      return "\(fault.text); cut: \(links.joined(separator: " "))"
    }
    let names = groups.map { $0.map { "n\($0)" }.joined(separator: " ") }
    return "\(fault.text); now \(names.joined(separator: " | "))"
  }
}
