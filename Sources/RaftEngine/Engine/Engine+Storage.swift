extension Engine {
  /// The last position of the log that is durable here.
  @inline(__always)
  package var durableLogID: LogID? { self.io.durable.flatMap { self.log.logID(at: $0) } }

  /// A write is durable: what waited for it leaves, and this node's own copy counts.
  mutating func flushed(_ io: IOID) {
    let wasStalled = self.stalledSince != nil
    guard self.io.flush(io, at: self.now) else { return }
    if wasStalled { self.resetElectionTimer() }
    self.commands.release(flushed: io.sequence, vote: self.vote)
    switch self.role {
    case .leading:
      self.withLead { engine, lead in
        engine.commit(&lead)
        if lead.hasWitnesses { engine.replicate(&lead) }
      }
      self.leaveIfNotVoter()
    case .campaigning:
      self.ownVoteFlushed()
      self.applyReady()
    case .following:
      self.applyReady()
    case .transitioning:
      break
    }
  }

  mutating func applied(through logID: LogID, byteCount: Int) {
    precondition(
      logID.index >= self.applied.nextIndex && self.applying.isAtLeast(logID),
      "applied \(logID) after \(String(describing: self.applied))")
    self.applied = logID
    self.bytesApplied += byteCount
    self.considerSnapshot()
  }
}
