extension CoreLoop {
  /// Shows the state at the end of a turn to whoever looks.
  mutating func publish() {
    let engine = self.engine
    var metrics = Metrics(unstarted: self.core.id, role: engine.configuration.role)
    metrics.state = engine.serverState
    metrics.vote = engine.vote
    metrics.leader = engine.leader
    metrics.cluster = engine.cluster
    metrics.lastLogID = engine.log.last
    metrics.committed = engine.committed
    metrics.committedHeard = engine.committedHeard
    metrics.applied = engine.applied
    metrics.snapshot = engine.snapshot
    metrics.purged = engine.log.purged
    metrics.effectiveMembership = engine.membership.effective
    metrics.committedMembership = engine.membership.committed
    metrics.removedAt = engine.removedAt
    if case .leading(let lead) = engine.role {
      metrics.transferTarget = engine.transferTarget
      metrics.hasQuorumContact = engine.hasQuorumContact
      metrics.quorumAcknowledgedAt = self.core.timestamp(of: lead.contact)
      metrics.replication = lead.progress.map { progress in
        Metrics.Replication(
          id: progress.id, matched: progress.matched.flatMap { engine.log.logID(at: $0) },
          acknowledgedAt: progress.acknowledgedAt.map { self.core.timestamp(of: $0) },
          trouble: progress.trouble, replacedBy: progress.replacedBy)
      }
    }
    self.closeForgottenLinks()
    self.core.board.publish(metrics)
  }
}
