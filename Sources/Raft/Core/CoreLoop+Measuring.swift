extension CoreLoop {
  /// Looks, as a turn begins, what is to be measured in it.
  mutating func planMeasuring(events: Int) {
    if let (version, plan) = self.core.instruments.plan(after: self.planVersion) {
      self.planVersion = version
      self.plan = plan.isEmpty ? nil : plan
      self.areGaugesDue = plan.recorder != nil
    }
    guard let plan = self.plan else { return }
    if plan.isTiming { self.core.instruments.update { $0.turns += 1 } }
    if events > 0 { self.note(events, in: .turnEvents) }
  }

  /// Something had this size.
  func note(_ size: Int, in histogram: Measure.Histogram) {
    guard let plan = self.plan else { return }
    plan.recorder?.record(size, in: histogram)
    if plan.isTiming { self.core.instruments.update { $0.record(size, in: histogram) } }
  }

  /// Measures what the engine is about to be told.
  func measure(before input: Input) {
    guard let plan = self.plan else { return }
    switch input {
    case .applied(let logID):
      self.note(self.engine.applied.nextIndex.distance(to: logID.index.next), in: .applyBatch)
    case .snapshotBuilt: plan.recorder?.add(1, to: .snapshotsBuilt)
    case .snapshotInstalled: plan.recorder?.add(1, to: .snapshotsInstalled)
    default: break
    }
    guard plan.isTiming, let kind = FlightFacts(of: input).kind else { return }
    self.core.instruments.update { $0.record(kind) }
  }

  /// Measures what the engine was told.
  func measure(after input: Input) {
    guard self.plan?.isTiming == true, case .flushed = input, let durable = self.engine.io.durable
    else { return }
    self.core.instruments.flushed(through: durable, at: self.now)
  }

  /// Measures what is about to be done.
  func measure(_ command: Command) {
    guard let plan = self.plan else { return }
    switch command {
    case .saveVote(let vote, _):
      if !vote.isCommitted, vote.leader.node == self.core.id {
        plan.recorder?.add(1, to: .elections)
      }
    case .requestVote, .requestPreVote: plan.recorder?.add(1, to: .voteRequests)
    case .sendHeartbeat: plan.recorder?.add(1, to: .heartbeats)
    case .sendAppend: plan.recorder?.add(1, to: .appends)
    case .sendSnapshot: plan.recorder?.add(1, to: .snapshotsSent)
    case .refuseProposed: plan.recorder?.add(1, to: .refusals)
    case .abandonWrites: if plan.isTiming { self.core.instruments.abandon() }
    case .apply(let logID):
      if plan.isTiming { self.core.instruments.committed(through: logID.index, at: self.now) }
    default: break
    }
  }

  /// Tells the recorder the gauges that changed; all of them if it is new.
  mutating func setGauges(_ metrics: Metrics, _ changed: MetricsParts) {
    guard let recorder = self.plan?.recorder else { return }
    let parts = self.areGaugesDue ? .all : changed
    self.areGaugesDue = false
    if parts.contains(.vote) { recorder.set(.term, to: metrics.term.rawValue) }
    if parts.contains(.leader) { recorder.set(.serverState, to: UInt64(metrics.state.rawValue)) }
    func set(_ gauge: Measure.Gauge, _ logID: LogID?, if part: MetricsParts) {
      guard parts.contains(part), let logID else { return }
      recorder.set(gauge, to: logID.index.rawValue)
    }
    set(.lastLogIndex, metrics.lastLogID, if: .log)
    set(.flushedIndex, metrics.flushed.logID, if: .flushed)
    set(.committedIndex, metrics.committed, if: .committed)
    set(.appliedIndex, metrics.applied, if: .applied)
    set(.snapshotIndex, metrics.snapshot, if: .snapshot)
    set(.purgedIndex, metrics.purged, if: .log)
  }
}
