import RaftEngine

/// Who stands for election has reason to: the round is above all that the node refused, and where
/// it asks first whether it could win, a quorum of the voters said yes to its last question (§9.6).
struct Candidacies {
  /// What a node was told about a round in which it may stand.
  private struct Round {
    let vote: Vote
    var granted: [NodeID]
  }

  private struct Candidate {
    var rounds: [Round] = []
    /// The vote for which the node asked last whether it could win.
    var question: Vote?
    /// The highest round in which the node refused somebody in its present life.
    var refused: Term = 0
  }

  private var candidates: [Candidate]

  init(nodeCount: Int) {
    self.candidates = Array(repeating: Candidate(), count: nodeCount)
  }

  /// A node asks whether it could win with this vote.
  mutating func asked(_ vote: Vote) {
    self.candidates[Int(vote.leader.node.rawValue) - 1].question = vote
  }

  /// A voter says that it would vote for this.
  mutating func granted(_ vote: Vote, by voter: NodeID) {
    let place = Int(vote.leader.node.rawValue) - 1
    if let known = self.candidates[place].rounds.firstIndex(where: { $0.vote == vote }) {
      self.candidates[place].rounds[known].granted.append(voter)
    } else {
      self.candidates[place].rounds.append(Round(vote: vote, granted: [voter]))
    }
  }

  /// A node refuses a candidate of this round.
  mutating func refused(_ term: Term, by node: NodeID) {
    let place = Int(node.rawValue) - 1
    self.candidates[place].refused = max(self.candidates[place].refused, term)
  }

  /// A node starts; what it asked and refused it does not remember.
  mutating func started(_ node: NodeID) {
    self.candidates[Int(node.rawValue) - 1].refused = 0
    self.candidates[Int(node.rawValue) - 1].question = nil
  }

  /// A leader goes on although a member refused it behind this vote.
  ///
  /// Who stands behind a candidate of the leader's own round will not follow in it: only a new
  /// round frees it, so a leader that may stand for one does.
  func goesOn(_ leadership: Vote, refusedBehind vote: Vote) throws(Finding) {
    guard vote.term == leadership.term, vote.leader != leadership.leader, !vote.isCommitted
    else { return }
    throw Finding(.candidacies, "\(leadership) goes on, although \(vote) bars a member")
  }

  /// A node stands for election.
  ///
  /// - Parameter asked: The membership whose voters it had to ask first; `nil` if it had not to.
  mutating func stood(_ node: NodeID, for vote: Vote, asked: Membership?) throws(Finding) {
    let place = Int(node.rawValue) - 1
    guard vote.term > self.candidates[place].refused else {
      throw Finding(
        .candidacies,
        "node \(node) stands for \(vote), and refused round \(self.candidates[place].refused)")
    }
    // It may have refused others since it asked, and stand above them.
    let question = self.candidates[place].question
    self.candidates[place].question = nil
    let granted = self.candidates[place].rounds.first { $0.vote == question }?.granted ?? []
    self.candidates[place].rounds.removeAll { $0.vote.term <= vote.term }
    guard let asked, !asked.isQuorum(where: { $0 == node || granted.contains($0) }) else { return }
    throw Finding(
      .candidacies, "node \(node) stands for \(vote) among \(asked), with consent of \(granted)")
  }
}
