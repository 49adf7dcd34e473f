extension CoreLoop {
  /// Shows the state at the end of a turn to whoever looks.
  mutating func publish() {
    self.settleStates()
    self.closeForgottenLinks()
    let trouble = self.presentStorageTrouble()
    var isNews = false
    let clock = self.core.wallClock
    let changed = self.core.board.update { metrics in
      isNews = metrics.storageTrouble != trouble
      var changed = metrics.show(
        &self.engine, durableVote: self.durableVote, trouble, self.states.divergences, by: clock)
      if !self.refusals.isEmpty || !metrics.refusals.isEmpty {
        changed.formUnion(metrics.show(self.refusals))
      }
      return changed
    }
    let core = self.core
    if isNews, core.events.isWatched { self.tell([.storage(trouble)]) }
    guard self.isMeasuring || core.events.isWatched else { return }
    let metrics = core.board.latest
    if self.isMeasuring { self.setGauges(metrics, changed) }
    if core.events.isWatched { core.events.settle(metrics, at: core.timestamp(of: self.now)) }
  }
}

extension Metrics {
  /// Shows what the engine is now; returns which parts are new.
  ///
  /// Each value is compared with the one in its place and written only if it differs: a turn changes
  /// few of them, and this is done in every turn.
  fileprivate mutating func show(
    _ engine: inout Engine, durableVote: Vote, _ storageTrouble: StorageTrouble?,
    _ divergences: [StateDivergence], by clock: WallClock
  ) -> MetricsParts {
    var changed: MetricsParts = []
    let picture = engine.picture()
    Self.put(engine.vote, &self.vote, .vote, &changed)
    Self.put(picture.state, &self.state, .leader, &changed)
    Self.put(picture.leader, &self.leader, .leader, &changed)
    Self.put(picture.transferTarget, &self.transferTarget, .leader, &changed)
    Self.put(engine.cluster, &self.cluster, .membership, &changed)
    Self.put(picture.removedAt, &self.removedAt, .membership, &changed)
    Self.put(engine.log.last, &self.lastLogID, .log, &changed)
    Self.put(engine.log.purged, &self.purged, .log, &changed)
    Self.put(durableVote, &self.flushed.vote, .flushed, &changed)
    Self.put(picture.durableLogID, &self.flushed.logID, .flushed, &changed)
    Self.put(storageTrouble, &self.storageTrouble, .flushed, &changed)
    Self.put(engine.committed, &self.committed, .committed, &changed)
    Self.put(engine.committedHeard, &self.committedHeard, .committed, &changed)
    Self.put(picture.committedAnywhere, &self.clusterCommitted, .committed, &changed)
    Self.put(engine.applied, &self.applied, .applied, &changed)
    Self.put(engine.snapshot, &self.snapshot, .snapshot, &changed)
    // A position names one membership alone, so there is no need to compare the members.
    if engine.membership.effective.logID != self.effectiveMembership.logID
      || engine.membership.committed.logID != self.committedMembership.logID
    {
      self.effectiveMembership = engine.membership.effective
      self.committedMembership = engine.membership.committed
      changed.insert(.membership)
    }
    if !divergences.isEmpty || !self.divergences.isEmpty {
      Self.put(divergences, &self.divergences, .peers, &changed)
    }
    self.showPeers(&engine, picture, by: clock, &changed)
    return changed
  }

  private mutating func showPeers(
    _ engine: inout Engine, _ picture: EnginePicture, by clock: WallClock,
    _ changed: inout MetricsParts
  ) {
    Self.put(picture.hasQuorumContact, &self.hasQuorumContact, .peers, &changed)
    Self.put(
      picture.contact.map { clock.timestamp(of: $0) }, &self.quorumAcknowledgedAt, .peers, &changed)
    let count = engine.leaderships.isEmpty ? 0 : engine.leaderships[0].progress.count
    if self.replication.count > count {
      self.replication.removeLast(self.replication.count - count)
      changed.insert(.peers)
    }
    // In its place: a copy of what a leader knows of a peer costs more than what is shown of it.
    guard count > 0 else { return }
    let log = engine.log
    engine.leaderships[0].progress.withUnsafeBufferPointer { peers in
      for place in peers.indices {
        let peer = Replication(peers[place], log: log, by: clock)
        guard place < self.replication.count else {
          self.replication.append(peer)
          changed.insert(.peers)
          continue
        }
        Self.put(peer, &self.replication[place], .peers, &changed)
      }
    }
  }

  /// Shows why peers refuse messages, as long as they do; returns whether that is new.
  fileprivate mutating func show(_ refusals: [NodeID: ContactRefusal]) -> MetricsParts {
    let present = refusals.filter { id, _ in
      self.replication.contains { $0.id == id && $0.trouble == .failing(.refused) }
    }
    var changed: MetricsParts = []
    Self.put(present, &self.refusals, .peers, &changed)
    return changed
  }

  @inline(__always)
  private static func put<Value: Equatable>(
    _ value: Value, _ field: inout Value, _ part: MetricsParts, _ changed: inout MetricsParts
  ) {
    guard value != field else { return }
    field = value
    changed.insert(part)
  }
}

extension Metrics.Replication {
  @inline(__always)
  fileprivate init(_ peer: @autoclosure () -> Progress, log: LogIDList, by clock: WallClock) {
    self.init(
      id: peer().id, matched: peer().matched.flatMap { log.logID(at: $0) },
      acknowledgedAt: peer().acknowledgedAt.map { clock.timestamp(of: $0) },
      trouble: peer().trouble, phase: Metrics.Phase(peer().state),
      replacedBy: peer().replacedBy)
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
