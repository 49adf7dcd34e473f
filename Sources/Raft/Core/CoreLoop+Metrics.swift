extension CoreLoop {
  /// Shows the state at the end of a turn to whoever looks.
  mutating func publish() {
    var metrics = Metrics(unstarted: self.core.id, role: self.engine.configuration.role)
    metrics.state = self.engine.serverState
    metrics.vote = self.engine.vote
    metrics.leader = self.engine.leader
    metrics.cluster = self.engine.cluster
    metrics.lastLogID = self.engine.log.last
    metrics.flushed = Metrics.Flushed(
      vote: self.durableVote,
      logID: self.engine.io.durable.flatMap { self.engine.log.logID(at: $0) })
    metrics.committed = self.engine.committed
    metrics.committedHeard = self.engine.committedHeard
    metrics.clusterCommitted = self.engine.committedAnywhere
    metrics.applied = self.engine.applied
    metrics.snapshot = self.engine.snapshot
    metrics.purged = self.engine.log.purged
    metrics.effectiveMembership = self.engine.membership.effective
    metrics.committedMembership = self.engine.membership.committed
    metrics.removedAt = self.engine.removedAt
    self.settleStates()
    metrics.divergences = self.states.divergences
    if let lead = self.engine.lead {
      metrics.transferTarget = self.engine.transferTarget
      metrics.hasQuorumContact = self.engine.hasQuorumContact
      metrics.quorumAcknowledgedAt = self.core.timestamp(of: lead.contact)
      metrics.replication.reserveCapacity(lead.progress.count)
      for place in lead.progress.indices {
        metrics.replication.append(
          Metrics.Replication(
            id: lead.progress[place].id,
            matched: lead.progress[place].matched.flatMap { self.engine.log.logID(at: $0) },
            acknowledgedAt: lead.progress[place].acknowledgedAt.map { self.core.timestamp(of: $0) },
            trouble: lead.progress[place].trouble,
            phase: Metrics.Phase(lead.progress[place].state),
            replacedBy: lead.progress[place].replacedBy))
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
