/// What of an engine's past its next state is checked against.
package struct InvariantEvidence: Hashable, Sendable {
  let vote: Vote
  let committed: LogID?
  let applied: LogID?
  let applying: LogID?
  let flushed: UInt64
  let purged: LogID?
  let isLeader: Bool
  let transferTarget: NodeID?
  let last: LogID?

  package init(_ engine: Engine) {
    self.vote = engine.vote
    self.committed = engine.committed
    self.applied = engine.applied
    self.applying = engine.applying
    self.flushed = engine.io.flushed
    self.purged = engine.log.purged
    self.isLeader = engine.isLeader
    self.transferTarget = engine.transferTarget
    self.last = engine.log.last
  }
}

/// An invariant of the engine's own does not hold: a defect of this library, or of the machine.
package struct InvariantBreach: Error, Hashable, Sendable {
  /// What does not hold, and the engine that shows it.
  package let evidence: String

  package init(_ evidence: String) {
    self.evidence = evidence
  }
}

extension Engine {
  /// What holds after every step, whatever happened.
  ///
  /// - Throws: ``InvariantBreach`` for the first thing that does not.
  package func check() throws(InvariantBreach) {
    try require(self.log.last.isAtLeast(self.committed), "committed beyond the log: \(self)")
    try require(self.committed.isAtLeast(self.applying), "applying what is not committed: \(self)")
    try require(self.applying.isAtLeast(self.applied), "applied what was not handed out: \(self)")
    try require(
      self.snapshot.isAtLeast(self.log.purged), "purged what no snapshot covers: \(self)")
    try require(
      self.applying.isAtLeast(self.snapshot), "snapshot beyond what is applied: \(self)")
    try require(self.io.flushed <= self.io.submitted, "flushed what was not written: \(self)")
    try require(
      self.log.last.isAtLeast(self.membership.effective.logID), "membership beyond the log: \(self)"
    )
    try require(
      self.configuration.role == .replica || !self.standsOrLeads, "a witness stands: \(self)")
    switch self.role {
    case .transitioning:
      throw InvariantBreach("left in transition: \(self)")
    case .leading:
      guard let lead = self.lead, self.leaderships.count == 1 else {
        throw InvariantBreach("leads with nothing: \(self)")
      }
      try require(
        self.vote.isCommitted && self.vote.leader.node == self.id, "leads without a vote: \(self)")
      try self.check(lead)
    case .campaigning:
      try require(
        !self.vote.isCommitted && self.vote.leader.node == self.id,
        "campaigns without a vote: \(self)")
      try require(self.leaderships.isEmpty, "campaigns and leads: \(self)")
    case .following:
      try require(self.leaderships.isEmpty, "follows and leads: \(self)")
    }
  }

  private var standsOrLeads: Bool {
    switch self.role {
    case .leading, .campaigning: true
    case .following, .transitioning: false
    }
  }

  private func check(_ lead: Leadership) throws(InvariantBreach) {
    try require(
      lead.progress.count { $0.isGettingSnapshot } <= self.configuration.snapshotsSentMax,
      "sends too many snapshots: \(lead)")
    if let transfer = lead.transfer {
      try require(
        transfer.target != self.id && self.effective?.canLead(transfer.target) ?? false,
        "transfers to \(transfer.target), which cannot take over: \(self)")
    }
    for progress in lead.progress {
      try require(progress.matched.nextIndex <= progress.next, "matched beyond next: \(progress)")
      try require(
        progress.matched.nextIndex <= self.log.last.nextIndex, "matched beyond the log: \(progress)"
      )
      try require(progress.id != self.id, "tracks itself: \(progress)")
      try require(
        !progress.hasLostData || !progress.countsForAnything,
        "counts on a peer that lost data: \(progress)")
      try require(
        progress.farewell != nil || progress.matched == nil
          || self.effective?.names(progress.life, as: progress.id) ?? true,
        "counts another life: \(progress)")
    }
  }

  /// What holds after a step, and what never goes back since the evidence was taken.
  package func check(since before: InvariantEvidence) throws(InvariantBreach) {
    try self.check()
    try require(
      self.vote == before.vote || self.allows(self.vote, after: before.vote)
        || self.vote.term >= before.vote.term, "vote went back from \(before.vote): \(self)")
    try require(self.committed.isAtLeast(before.committed), "commit went back: \(self)")
    try require(self.applied.isAtLeast(before.applied), "applied went back: \(self)")
    try require(self.applying.isAtLeast(before.applying), "applying went back: \(self)")
    // What it handed out while it led may not be durable here yet.
    try require(
      self.isLeader || before.isLeader || self.applying == before.applying
        || self.applying.nextIndex <= self.io.durable.nextIndex,
      "applying what is not durable: \(self)")
    try require(self.io.flushed >= before.flushed, "flushed went back: \(self)")
    try require(self.log.purged.isAtLeast(before.purged), "purge went back: \(self)")
    try require(
      before.transferTarget == nil || before.transferTarget != self.transferTarget
        || self.log.last == before.last, "appended during a transfer: \(self)")
    try require(
      !(self.isLeader && before.isLeader) || self.vote == before.vote,
      "one leadership became another: \(self)")
    if case .campaigning = self.role {
      try require(
        self.vote == before.vote || self.stalledSince == nil, "stands while its disk hangs: \(self)"
      )
    }
  }
}

private func require(
  _ holds: Bool, _ evidence: @autoclosure () -> String
) throws(InvariantBreach) {
  guard holds else { throw InvariantBreach(evidence()) }
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
