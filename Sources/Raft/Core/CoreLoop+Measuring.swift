// Only called when something is measured. All are mutating, since the loop is copied for others.
extension CoreLoop {
  /// Looks what is to be measured from this turn on.
  mutating func planMeasuring() {
    let (version, plan) = self.core.instruments.plan
    self.planVersion = version
    self.plan = plan
    self.isMeasuring = !plan.isEmpty
    self.areGaugesDue = plan.recorder != nil
  }

  /// A turn begins, with so many events.
  mutating func noteTurn(events: Int) {
    if self.plan.isTiming { self.core.instruments.update { $0.turns += 1 } }
    if events > 0 { self.note(events, in: .turnEvents) }
  }

  /// Something had this size.
  mutating func note(_ size: Int, in histogram: Measure.Histogram) {
    self.plan.recorder?.record(size, in: histogram)
    if self.plan.isTiming { self.core.instruments.update { $0.record(size, in: histogram) } }
  }

  /// Measures what the engine is about to be told.
  mutating func measure(before input: Input) {
    let plan = self.plan
    switch input {
    case .applied(let logID, _):
      self.note(self.engine.applied.nextIndex.distance(to: logID.index.next), in: .applyBatch)
    case .snapshotBuilt: plan.recorder?.add(1, to: .snapshotsBuilt)
    case .snapshotInstalled: plan.recorder?.add(1, to: .snapshotsInstalled)
    default: break
    }
    guard plan.isTiming, let kind = FlightFacts(of: input).kind else { return }
    self.core.instruments.update { $0.record(kind) }
  }

  /// Measures what the engine was told.
  mutating func measure(after input: Input) {
    guard self.plan.isTiming, case .flushed = input, let durable = self.engine.io.durable
    else { return }
    self.core.instruments.flushed(through: durable, at: self.now)
  }

  /// Measures what is about to be done.
  mutating func measure(_ command: Command) {
    let plan = self.plan
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
    guard let recorder = self.plan.recorder else { return }
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
