/// What of an engine's past its next state is checked against.
package struct InvariantEvidence: Hashable, Sendable {
  let vote: Vote
  let committed: LogID?
  let applied: LogID?
  let applying: LogID?
  let flushed: UInt64
  let purged: LogID?
  let isLeader: Bool

  package init(_ engine: Engine) {
    self.vote = engine.vote
    self.committed = engine.committed
    self.applied = engine.applied
    self.applying = engine.applying
    self.flushed = engine.io.flushed
    self.purged = engine.log.purged
    self.isLeader = engine.isLeader
  }
}

extension Engine {
  /// What holds after every step, whatever happened.
  package func check() {
    precondition(self.log.last.isAtLeast(self.committed), "committed beyond the log: \(self)")
    precondition(self.committed.isAtLeast(self.applying), "applying what is not committed: \(self)")
    precondition(self.applying.isAtLeast(self.applied), "applied what was not handed out: \(self)")
    precondition(
      self.snapshot.isAtLeast(self.log.purged), "purged what no snapshot covers: \(self)")
    precondition(
      self.applying.isAtLeast(self.snapshot), "snapshot beyond what is applied: \(self)")
    precondition(self.io.flushed <= self.io.submitted, "flushed what was not written: \(self)")
    precondition(
      self.log.last.isAtLeast(self.membership.effective.logID), "membership beyond the log: \(self)"
    )
    switch self.role {
    case .transitioning:
      preconditionFailure("left in transition: \(self)")
    case .leading(let lead):
      precondition(
        self.vote.isCommitted && self.vote.leader.node == self.id, "leads without a vote: \(self)")
      self.check(lead)
    case .campaigning:
      precondition(
        !self.vote.isCommitted && self.vote.leader.node == self.id,
        "campaigns without a vote: \(self)")
    case .following:
      break
    }
  }

  private func check(_ lead: Leadership) {
    for progress in lead.progress {
      precondition(progress.matched.nextIndex <= progress.next, "matched beyond next: \(progress)")
      precondition(
        progress.matched.nextIndex <= self.log.last.nextIndex, "matched beyond the log: \(progress)"
      )
      precondition(progress.id != self.id, "tracks itself: \(progress)")
      precondition(
        progress.farewell != nil || progress.matched == nil
          || self.effective?.names(progress.life, as: progress.id) ?? true,
        "counts another life: \(progress)")
    }
  }

  /// What never goes back.
  package func check(since before: InvariantEvidence) {
    precondition(
      self.vote == before.vote || self.allows(self.vote, after: before.vote)
        || self.vote.term >= before.vote.term, "vote went back from \(before.vote): \(self)")
    precondition(self.committed.isAtLeast(before.committed), "commit went back: \(self)")
    precondition(self.applied.isAtLeast(before.applied), "applied went back: \(self)")
    precondition(self.applying.isAtLeast(before.applying), "applying went back: \(self)")
    // What it handed out while it led may not be durable here yet.
    precondition(
      self.isLeader || before.isLeader || self.applying == before.applying
        || self.applying.nextIndex <= self.io.durable.nextIndex,
      "applying what is not durable: \(self)")
    precondition(self.io.flushed >= before.flushed, "flushed went back: \(self)")
    precondition(self.log.purged.isAtLeast(before.purged), "purge went back: \(self)")
    precondition(
      !(self.isLeader && before.isLeader) || self.vote == before.vote,
      "one leadership became another: \(self)")
  }
}

extension Engine: CustomStringConvertible {
  /// One line for people: id, role, vote, log, commit and apply positions, membership.
  package var description: String {
    """
    node \(self.id) \(self.serverState) \(self.vote) log \(self.log) durable \
    \(self.io.durable.map(String.init(describing:)) ?? "-") committed \
    \(self.committed.map(String.init(describing:)) ?? "-") applied \
    \(self.applied.map(String.init(describing:)) ?? "-") membership \(self.membership.effective)
    """
  }
}
