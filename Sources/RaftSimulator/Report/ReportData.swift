import Raft

/// A timeline as data of a page; the script on the page reads the same places.
struct ReportData {
  private let timeline: Timeline
  private var places: [NodeID: Int] = [:]

  init(_ timeline: Timeline) {
    self.timeline = timeline
    for (place, node) in timeline.nodes.enumerated() { self.places[node] = place }
  }

  /// The data as JSON that may stand in a script element.
  var text: String {
    var text = ""
    self.value.write(to: &text)
    return text
  }

  private var value: ReportJSON {
    .object([
      ("title", .string(self.timeline.title)),
      ("end", .number(self.timeline.end)),
      ("nodes", .array(self.timeline.nodes.map { .string("\($0)") })),
      ("before", .array(self.timeline.nodes.map(self.firstState))),
      ("steps", .array(self.timeline.steps.map(self.value))),
      ("messages", .array(self.timeline.messages.map(self.value))),
      ("faults", .array(self.timeline.faults.map(self.value))),
      ("spans", .array(self.timeline.spans.map(self.value))),
      ("calls", .array(self.timeline.calls.map(self.value))),
      ("violation", self.violation),
    ])
  }

  private func place(_ node: NodeID?) -> ReportJSON {
    .number(node.flatMap { self.places[$0] } ?? -1)
  }

  private func moment(_ moment: Timeline.Moment?) -> [ReportJSON] {
    guard let moment else { return [-1, -1, -1] }
    return [.number(moment.order), .number(moment.step), .number(Int(moment.time))]
  }

  private func firstState(of node: NodeID) -> ReportJSON {
    self.value(self.timeline.steps.first { $0.node == node }?.before)
  }

  private func value(_ state: Timeline.State?) -> ReportJSON {
    guard let state else { return nil }
    func text(_ value: (some CustomStringConvertible)?) -> ReportJSON {
      .string(value.map(\.description) ?? "-")
    }
    return [
      .string(state.role.word), .string("\(state.vote)"), text(state.purged), text(state.last),
      text(state.durable), text(state.committed), text(state.applied), .string(state.membership),
      // Recordings have no fingerprint of the state.
      .string(state.hash == 0 ? "" : String(state.hash, radix: 16)),
    ]
  }

  private func value(_ step: Timeline.Step) -> ReportJSON {
    .array(
      self.moment(step.moment) + [
        self.place(step.node), .string(step.kind), .string(step.text),
        .number(step.message ?? -1), .array(step.commands.map { .string($0) }),
        .array(step.changes.map { .string($0) }),
        // What did not change is not repeated.
        step.after == step.before && step.after != nil ? 0 : self.value(step.after),
      ])
  }

  private func value(_ message: Timeline.Message) -> ReportJSON {
    .array(
      self.moment(message.sent) + [
        .number(message.number), .string(message.name), .string(message.text),
        self.place(message.from), self.place(message.to),
        .array(message.arrivals.map { .array(self.moment($0)) }),
        message.lost.map { .array(self.moment($0)) } ?? nil,
      ])
  }

  private func value(_ fault: Timeline.Fault) -> ReportJSON {
    .array(
      self.moment(fault.moment) + [self.place(fault.node), .string(self.timeline.text(of: fault))])
  }

  private func value(_ span: Timeline.Span) -> ReportJSON {
    let groups = Timeline.groups(of: self.timeline.nodes, without: span.links)
    let groupOfNode = self.timeline.nodes.map { node in
      groups.firstIndex { $0.contains(node) } ?? 0
    }
    let deaf = self.timeline.nodes.map { node in
      let lost = span.links.filter { $0.from == node || $0.to == node }
      return lost.map { "n\($0.from) \u{2192} n\($0.to)" }.joined(separator: ", ")
    }
    return [
      .string(span.kind.rawValue), self.place(span.node), .number(span.from), .number(span.upTo),
      .array(span.kind == .cut ? groupOfNode.map { .number($0) } : []),
      .array(span.kind == .cut ? deaf.map { .string($0) } : []),
    ]
  }

  private func value(_ call: Timeline.Call) -> ReportJSON {
    .array(
      self.moment(call.asked) + [
        .number(call.number), self.place(call.node), .string(call.question),
        .string(call.answer), .string(call.ending?.rawValue ?? "pending"),
        call.ended.map { .array(self.moment($0)) } ?? nil,
      ])
  }

  private var violation: ReportJSON {
    guard let violation = self.timeline.violation else { return nil }
    return .array(
      self.moment(violation.moment) + [.string(violation.title), .string(violation.explanation)])
  }
}
