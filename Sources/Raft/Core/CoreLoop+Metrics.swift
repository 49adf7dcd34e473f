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
    metrics.flushed = Metrics.Flushed(
      vote: self.durableVote,
      logID: engine.io.durable.flatMap { engine.log.logID(at: $0) })
    metrics.committed = engine.committed
    metrics.committedHeard = engine.committedHeard
    metrics.clusterCommitted = engine.committedAnywhere
    metrics.applied = engine.applied
    metrics.snapshot = engine.snapshot
    metrics.purged = engine.log.purged
    metrics.effectiveMembership = engine.membership.effective
    metrics.committedMembership = engine.membership.committed
    metrics.removedAt = engine.removedAt
    self.settleStates()
    metrics.divergences = self.states.divergences
    if case .leading(let lead) = engine.role {
      metrics.transferTarget = engine.transferTarget
      metrics.hasQuorumContact = engine.hasQuorumContact
      metrics.quorumAcknowledgedAt = self.core.timestamp(of: lead.contact)
      metrics.replication = lead.progress.map { progress in
        Metrics.Replication(
          id: progress.id, matched: progress.matched.flatMap { engine.log.logID(at: $0) },
          acknowledgedAt: progress.acknowledgedAt.map { self.core.timestamp(of: $0) },
          trouble: progress.trouble, phase: Metrics.Phase(progress.state),
          replacedBy: progress.replacedBy)
      }
    }
    self.closeForgottenLinks()
    let changed = self.core.board.publish(metrics)
    if self.isMeasuring { self.setGauges(metrics, changed) }
    if self.core.events.isWatched {
      self.core.events.settle(metrics, at: self.core.timestamp(of: self.now))
    }
  }
}

extension Metrics.Phase {
  init(_ state: Progress.State) {
    switch state {
    case .probing: self = .probing
    case .replicating: self = .replicating
    case .snapshotting: self = .sendingSnapshot
    }
  }
}
