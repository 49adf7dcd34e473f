import RaftEngine

/// While a leader hands over to a target it appends nothing, so that the target can have it all.
struct QuietTransfers {
  /// What of a node tells whether it kept quiet.
  struct Scene {
    let vote: Vote
    let target: NodeID?
    let last: LogID?

    init(vote: Vote, target: NodeID?, last: LogID?) {
      self.vote = vote
      self.target = target
      self.last = last
    }

    init(_ engine: Engine) {
      self.init(vote: engine.vote, target: engine.transferTarget, last: engine.log.last)
    }
  }

  /// A node has made a step.
  func stepped(_ node: NodeID, from before: Scene, to after: Scene) throws(Finding) {
    guard let target = before.target, after.target == target, after.vote == before.vote,
      after.last != before.last
    else { return }
    throw Finding(
      .quietTransfers,
      """
      node \(node) hands over to \(target) and adds to its log, which ended at \
      \(before.last.map(String.init(describing:)) ?? "nothing")
      """)
  }
}
