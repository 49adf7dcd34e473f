import RaftEngine

/// One leadership is held by one node in one life of its process, and where the cluster's rule
/// wants it, a round of election has one leader (§3.2, Figure 3.2).
struct ElectionSafety {
  private struct Elected {
    let leader: LeaderID
    let life: Int
  }

  let rule: LeadershipRule
  /// Sorted by leadership.
  private var elected: [Elected] = []

  init(rule: LeadershipRule) {
    self.rule = rule
  }

  mutating func elected(_ leader: LeaderID, node: NodeID, life: Int) throws(Finding) {
    guard leader.node == node else {
      throw Finding(.electionSafety, "node \(node) leads under \(leader), another node's vote")
    }
    var place = self.elected.count
    while place > 0, self.elected[place - 1].leader > leader { place -= 1 }
    if place > 0 {
      let known = self.elected[place - 1]
      guard known.leader != leader else {
        throw Finding(
          .electionSafety,
          "node \(node) leads under \(leader) in life \(life), as it did in life \(known.life)")
      }
      try self.check(leader, known.leader)
    }
    if place < self.elected.count { try self.check(leader, self.elected[place].leader) }
    self.elected.insert(Elected(leader: leader, life: life), at: place)
  }

  /// Who leads was chosen: a quorum's durable votes are for it, or have gone on since (§3.4).
  ///
  /// - Parameter vote: The vote on a voter's disk; `nil` of a voter that lost a disk, and perhaps
  ///   the vote with it.
  func chosen(
    _ leader: LeaderID, by membership: Membership, vote: (NodeID) -> Vote?
  ) throws(Finding) {
    let isChosen = membership.isQuorum { id in
      guard let vote = vote(id) else { return true }
      return vote.leader == leader || vote.term > leader.term
        || self.rule == .manyPerTerm && vote.leader > leader
    }
    guard !isChosen else { return }
    throw Finding(.electionSafety, "\(leader) leads without the votes of a quorum of \(membership)")
  }

  private func check(_ one: LeaderID, _ other: LeaderID) throws(Finding) {
    guard self.rule == .manyPerTerm || one.term != other.term else {
      throw Finding(.electionSafety, "\(one) and \(other) lead in one round")
    }
  }
}
