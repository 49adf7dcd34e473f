import RaftEngine

/// In one life of a node, its vote, its commit position and its applied position never go back.
struct Monotony {
  /// What a node was at when it was last looked at.
  private struct Position {
    var vote: Vote
    var committed: LogID?
    var applied: LogID?
  }

  let rule: LeadershipRule
  private var positions: [Position]

  init(rule: LeadershipRule, nodeCount: Int) {
    self.rule = rule
    self.positions = Array(
      repeating: Position(vote: .initial, committed: nil, applied: nil), count: nodeCount)
  }

  /// A node starts: what it lost without having said it is forgotten.
  mutating func started(_ node: NodeID, vote: Vote, committed: LogID?, applied: LogID?) {
    self.positions[Int(node.rawValue) - 1] = Position(
      vote: vote, committed: committed, applied: applied)
  }

  mutating func stepped(
    _ node: NodeID, vote: Vote, committed: LogID?, applied: LogID?
  ) throws(Finding) {
    let place = Int(node.rawValue) - 1
    if vote != self.positions[place].vote {
      let before = self.positions[place].vote
      guard self.rule.allows(vote, after: before) else {
        throw Finding(.monotony, "node \(node) went back from vote \(before) to \(vote)")
      }
      self.positions[place].vote = vote
    }
    if committed != self.positions[place].committed {
      guard committed.isAtLeast(self.positions[place].committed) else {
        throw Finding(.monotony, "the commit position of node \(node) went back")
      }
      self.positions[place].committed = committed
    }
    if applied != self.positions[place].applied {
      guard applied.isAtLeast(self.positions[place].applied) else {
        throw Finding(.monotony, "the applied position of node \(node) went back")
      }
      self.positions[place].applied = applied
    }
  }
}
