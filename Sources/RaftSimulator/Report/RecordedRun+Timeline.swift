import Raft

extension RecordedRun {
  /// The run as a timeline: the last of these steps, which are numbered from 1.
  public func timeline(
    of shown: ClosedRange<Int> = 1...Int.max, command: String? = nil, stepsMax: Int = 5000
  ) -> Timeline {
    let names = self.nodes.map { "n\($0)" }.joined(separator: ", ")
    var recorder = TimelineRecorder(
      title: "What \(names) recorded", command: command, stepsMax: stepsMax)
    self.trace(of: shown) { recorder.record($0) }
    var timeline = recorder.finish()
    timeline.notes = self.notes
    return timeline
  }

  /// Tells everything in order, like the trace of a simulated run.
  public func trace(of shown: ClosedRange<Int> = 1...Int.max, to sink: (TraceRecord) -> Void) {
    for (index, step) in self.steps.enumerated() where shown.contains(index + 1) {
      for record in self.records(of: step, number: index + 1) { sink(record) }
    }
  }

  private func records(of step: Step, number: Int) -> [TraceRecord] {
    func record(
      _ kind: TraceRecord.Kind, _ text: String, node: NodeID? = nil, peer: NodeID? = nil,
      state: TraceRecord.NodeState? = nil, mark: TraceMark? = nil
    ) -> TraceRecord {
      TraceRecord(
        step: number, time: step.time, kind: kind, node: node ?? step.node, peer: peer, text: text,
        state: state, mark: mark)
    }
    func sending(_ message: Int) -> TraceRecord {
      let content = self.messages[message]
      return record(
        .sent, "\(content.name) to n\(content.to): \(content.text)", node: content.from,
        peer: content.to, mark: .message(number: message, name: content.name))
    }
    let recorded = step.entry.record
    var records: [TraceRecord] = []
    if step.entry.missingBefore > 0 {
      records.append(record(.fault, "missing steps before this: \(step.entry.missingBefore)"))
    }
    if recorded.told.kind == .started {
      records.append(record(.fault, "starts to record", mark: .cameUp))
    }
    // A message whose sender recorded nothing appears with its arrival.
    if let message = step.message, !self.messages[message].isSendingKnown {
      records.append(sending(message))
    }
    records.append(
      record(
        .input, "\(recorded.told)", peer: recorded.told.peerID,
        mark: step.message.map { .arrived(message: $0) }))
    if let state = recorded.state {
      records += state.commands.words.map { record(.command, $0) }
      let shown = TraceRecord.NodeState(state)
      records.append(record(.state, "\(shown)", state: shown))
    }
    for message in step.sent where self.messages[message].isSendingKnown {
      records.append(sending(message))
    }
    if step.isLastOfLife {
      records.append(record(.fault, "ends; it started again later", mark: .wentDown))
    }
    return records
  }
}

extension TraceRecord.NodeState {
  /// What a recording holds of a node's state; there is no fingerprint in it.
  fileprivate init(_ state: FlightRecord.State) {
    self.init(
      role: state.role, vote: state.vote, purged: state.purged, last: state.last,
      durable: state.durable, committed: state.committed, applied: state.applied,
      membership: state.membership.map { "of entry \($0)" } ?? "none", hash: 0)
  }
}
