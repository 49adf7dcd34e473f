import Raft

/// A timeline as text: a row per event, a column per node.
///
/// Every node's column begins with what the node is: `L` leads, `C` stands for election, `F`
/// follows, `l` learns, `z` stands still, `x` has no power; a `s` behind it tells that its disk
/// stalls. The column `net` shows who reaches whom while links are cut, as in `1|23`.
///
/// In the node's text, `<` is the input, `>` what was sent, `!` a trouble, `?` a client's call and
/// `=` its answer; all else are changes of the node's state.
public struct TextTimeline {
  /// Which steps are shown.
  public enum Detail: Hashable, Sendable {
    /// Those that changed their node.
    case changes
    /// All.
    case everything
  }

  private let timeline: Timeline
  private let detail: Detail
  private let columnWidth: Int
  private let messages: [Int: Timeline.Message]
  private let sentBy: [Int: [Timeline.Message]]

  /// A timeline to be shown with columns of this many characters, at least 12.
  public init(_ timeline: Timeline, detail: Detail = .changes, columnWidth: Int = 28) {
    self.timeline = timeline
    self.detail = detail
    self.columnWidth = max(12, columnWidth)
    self.messages = Dictionary(
      timeline.messages.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    self.sentBy = Dictionary(grouping: timeline.messages, by: \.sent.step)
  }

  /// The whole text; every line ends with a newline.
  public var text: String {
    var lines = self.head
    var columns = TimelineColumns(of: self.timeline, width: self.columnWidth)
    lines.append(columns.heading)
    for row in self.rows {
      columns.advance(to: row.moment.order)
      lines += columns.lines(of: row)
    }
    lines += self.tail
    return lines.map { $0.trimmingEnd() + "\n" }.joined()
  }

  private var head: [String] {
    var lines = [self.timeline.title]
    if let command = self.timeline.command { lines.append(command) }
    lines += self.timeline.notes
    if self.timeline.omittedSteps > 0 {
      lines.append("\(self.timeline.omittedSteps) steps came before")
    }
    return lines + [""]
  }

  private var tail: [String] {
    guard let violation = self.timeline.violation else { return [] }
    let explanation = violation.explanation.split(separator: "\n").map { "    \($0)" }
    return ["", "*** \(violation.title) is broken in step \(violation.moment.step)"] + explanation
  }

  // MARK: Rows

  private var rows: [TimelineColumns.Row] {
    var rows: [TimelineColumns.Row] = []
    for step in self.timeline.steps {
      let changes = step.changes
      guard self.detail == .everything || !changes.isEmpty || step.after == nil else { continue }
      rows.append(
        .init(
          moment: step.moment, node: step.node, isStep: true,
          notes: ["< \(self.name(of: step))"] + changes + self.sendings(of: step)
            + (step.after == nil ? ["breaks off"] : [])))
    }
    for fault in self.timeline.faults {
      let text = self.timeline.text(of: fault).prefix { $0 != "\n" }
      rows.append(
        .init(moment: fault.moment, node: fault.node, isStep: false, notes: ["! \(text)"]))
    }
    for call in self.timeline.calls {
      rows.append(
        .init(moment: call.asked, node: call.node, isStep: false, notes: ["? \(call.question)"]))
      if let ended = call.ended {
        rows.append(
          .init(moment: ended, node: call.node, isStep: false, notes: ["= \(call.answer)"]))
      }
    }
    return rows.sorted { $0.moment.order < $1.moment.order }
  }

  private func name(of step: Timeline.Step) -> String {
    guard let number = step.message, let message = self.messages[number] else { return step.kind }
    return "\(message.name) from n\(message.from)"
  }

  /// What a step sent, the receivers of equal messages together.
  private func sendings(of step: Timeline.Step) -> [String] {
    var names: [String] = []
    var receivers: [String: [(text: String, count: Int)]] = [:]
    for message in self.sentBy[step.moment.step] ?? [] where message.from == step.node {
      if receivers[message.name] == nil { names.append(message.name) }
      let receiver = "n\(message.to)\(message.lost == nil ? "" : "(lost)")"
      if let last = receivers[message.name]?.last, last.text == receiver {
        receivers[message.name]?.removeLast()
        receivers[message.name]?.append((receiver, last.count + 1))
      } else {
        receivers[message.name, default: []].append((receiver, 1))
      }
    }
    return names.map { name in
      let all = (receivers[name] ?? []).map { $0.count == 1 ? $0.text : "\($0.text) x\($0.count)" }
      return "> \(name) to \(all.joined(separator: " "))"
    }
  }
}

extension String {
  /// The string without the spaces at its end.
  fileprivate func trimmingEnd() -> String {
    var end = self.endIndex
    while end > self.startIndex, self[self.index(before: end)] == " " {
      end = self.index(before: end)
    }
    return String(self[..<end])
  }
}
