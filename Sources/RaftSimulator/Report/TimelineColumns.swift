import Raft

/// The columns of a text timeline, and what they show of the nodes at the moment.
struct TimelineColumns {
  struct Row {
    let moment: Timeline.Moment
    /// The node in whose column the notes stand; `nil` for all columns.
    let node: NodeID?
    /// Whether the row tells of a step, whose number is shown.
    let isStep: Bool
    let notes: [String]
  }

  private let timeline: Timeline
  private let spans: [Timeline.Span]
  private let width: Int
  private let netWidth: Int
  private var nextStep = 0
  private var roles: [NodeID: ServerState] = [:]
  private var active: [Timeline.Span] = []
  private var nextSpan = 0

  init(of timeline: Timeline, width: Int) {
    self.timeline = timeline
    self.spans = timeline.spans
    self.width = width
    // As many digits and bars as all nodes in groups of one take.
    let digits = timeline.nodes.reduce(0) { $0 + "\($1)".count }
    self.netWidth = max(3, digits + max(0, timeline.nodes.count - 1))
    for step in timeline.steps.reversed() { self.roles[step.node] = step.before?.role }
  }

  var heading: String {
    let names = self.timeline.nodes.map { "n\($0)".padded(to: self.width) }
    return "   step        time  \("net".padded(to: self.netWidth))  " + names.joined()
  }

  /// Shows the nodes as they are after everything through this place.
  mutating func advance(to order: Int) {
    while self.nextStep < self.timeline.steps.count,
      self.timeline.steps[self.nextStep].moment.order <= order
    {
      let step = self.timeline.steps[self.nextStep]
      if let after = step.after { self.roles[step.node] = after.role }
      self.nextStep += 1
    }
    while self.nextSpan < self.spans.count, self.spans[self.nextSpan].from <= order {
      self.active.append(self.spans[self.nextSpan])
      self.nextSpan += 1
    }
    self.active.removeAll { $0.upTo <= order }
  }

  func lines(of row: Row) -> [String] {
    let step = row.isStep ? "\(row.moment.step)" : ""
    let time = ClientOperation.seconds(UInt64(max(0, row.moment.time)))
    let blank = "".padded(to: 7 + 2 + 10 + 2 + self.netWidth + 2)
    let first =
      "\(step.padded(before: 7))  \(time.padded(before: 10))  "
      + "\(self.net.padded(to: self.netWidth))  "
    let room = (row.node == nil ? self.width * max(1, self.timeline.nodes.count) : self.width) - 4
    let notes = row.notes.flatMap { $0.wrapped(at: room) }
    return notes.enumerated().map { number, note in
      (number == 0 ? first : blank)
        + self.cells(of: row.node, note, isFirst: number == 0)
    }
  }

  /// A note in the column of its node, between the bars of the others.
  private func cells(of node: NodeID?, _ note: String, isFirst: Bool) -> String {
    guard node != nil else { return note }
    return self.timeline.nodes.map { other in
      let sign = isFirst ? self.sign(of: other) : self.bar(of: other)
      return (other == node ? "\(sign) \(note)" : sign).padded(to: self.width)
    }.joined()
  }

  private func sign(of node: NodeID) -> String {
    let letter =
      if self.has(.down, node) {
        "x"
      } else if self.has(.paused, node) {
        "z"
      } else {
        switch self.roles[node] {
        case .leader: "L"
        case .candidate: "C"
        case .follower: "F"
        case .learner: "l"
        case .shutdown: "x"
        case nil: "-"
        }
      }
    return letter + (self.has(.diskStalls, node) ? "s" : " ")
  }

  private func bar(of node: NodeID) -> String {
    self.has(.down, node) ? "  " : self.has(.paused, node) ? ": " : "| "
  }

  private func has(_ kind: Timeline.Span.Kind, _ node: NodeID) -> Bool {
    self.active.contains { $0.kind == kind && $0.node == node }
  }

  /// Who reaches whom, while links are cut.
  private var net: String {
    guard let cut = self.active.last(where: { $0.kind == .cut }) else { return "" }
    return Timeline.groups(of: self.timeline.nodes, without: cut.links)
      .map { $0.map(\.description).joined() }.joined(separator: "|")
  }
}

extension String {
  /// The string with spaces behind it; longer ones stay as they are.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - self.count))
  }

  /// The string with spaces before it; longer ones stay as they are.
  fileprivate func padded(before width: Int) -> String {
    String(repeating: " ", count: max(0, width - self.count)) + self
  }

  /// The string in lines of so many characters, broken at spaces where there are any; lines but
  /// the first are indented.
  fileprivate func wrapped(at width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in self.split(separator: " ") {
      var rest = word
      if !line.isEmpty, line.count + 1 + rest.count > width {
        lines.append(line)
        line = ""
      }
      while rest.count > width - 2 {
        lines.append((lines.isEmpty ? "" : "  ") + rest.prefix(width - 2))
        rest = rest.dropFirst(width - 2)
      }
      line += line.isEmpty ? (lines.isEmpty ? rest : "  \(rest)") : " \(rest)"
    }
    return lines + (line.isEmpty ? [] : [line])
  }
}
