import Raft

/// Makes a ``Timeline`` of the last steps of a run from its trace.
///
/// ```swift
/// var recorder = TimelineRecorder(title: "seed 7", stepsMax: 5000)
/// let report = Simulation(Scenario(seed: 7)).run { recorder.record($0) }
/// let timeline = recorder.finish(with: report.violation)
/// ```
///
/// Only the last steps are kept, so that the memory does not grow with the run.
public struct TimelineRecorder {
  /// How many steps are kept.
  private let stepsMax: Int
  private var timeline: Timeline
  private var order = 0
  private var lastMoment = Timeline.Moment(order: 0, step: 0, time: 0)
  private var states: [NodeID: Timeline.State] = [:]
  /// Places of messages and calls in the timeline, by number.
  private var messagePlaces: [Int: Int] = [:]
  private var callPlaces: [Int: Int] = [:]

  /// A recorder that has seen nothing.
  ///
  /// - Precondition: at least one step is kept.
  public init(title: String, command: String? = nil, stepsMax: Int = 5000) {
    precondition(stepsMax > 0, "keeps \(stepsMax) steps")
    self.stepsMax = stepsMax
    self.timeline = Timeline(title: title, command: command)
  }

  /// Takes the next record of the trace.
  public mutating func record(_ record: TraceRecord) {
    let moment = self.moment(of: record)
    for node in [record.node, record.peer] {
      if let node { self.meet(node) }
    }
    switch record.kind {
    case .input: self.addStep(record, moment)
    case .command: self.addCommand(record)
    case .state: self.addState(record)
    case .sent: self.addMessage(record, moment)
    case .lost: self.loseMessage(record, moment)
    case .fault:
      self.timeline.faults.append(
        Timeline.Fault(
          moment: moment, node: record.node, text: TraceWording.plain(record.text),
          mark: record.mark))
    case .client: self.addCall(record, moment)
    }
    if self.timeline.steps.count >= 2 * self.stepsMax { self.trim() }
  }

  /// The timeline of what was recorded, ending with the violation if there was one.
  public mutating func finish(with violation: Violation? = nil) -> Timeline {
    if let violation {
      self.order += 1
      self.timeline.violation = Timeline.Breach(
        moment: Timeline.Moment(
          order: self.order, step: violation.step, time: violation.time),
        title: violation.property.rawValue, explanation: violation.evidence)
    }
    self.trim()
    self.timeline.end = self.order + 1
    return self.timeline
  }

  private mutating func moment(of record: TraceRecord) -> Timeline.Moment {
    self.order += 1
    return Timeline.Moment(order: self.order, step: record.step, time: record.time)
  }

  private mutating func meet(_ node: NodeID) {
    guard !self.timeline.nodes.contains(node) else { return }
    let place = self.timeline.nodes.firstIndex { $0 > node } ?? self.timeline.nodes.count
    self.timeline.nodes.insert(node, at: place)
  }

  // MARK: Steps

  private mutating func addStep(_ record: TraceRecord, _ moment: Timeline.Moment) {
    guard let node = record.node else { return }
    var message: Int?
    if case .arrived(let number) = record.mark {
      message = number
      if let place = self.messagePlaces[number] {
        self.timeline.messages[place].arrivals.append(moment)
      }
    }
    self.timeline.steps.append(
      Timeline.Step(
        moment: moment, node: node, kind: Self.name(of: record.text),
        text: TraceWording.plain(record.text), message: message, before: self.states[node]))
  }

  /// The name of an input: what stands before its details.
  private static func name(of text: String) -> String {
    let name = text.prefix { $0 != "(" }
    return String(name.last == " " ? name.dropLast() : name)
  }

  private mutating func addCommand(_ record: TraceRecord) {
    if let last = self.timeline.steps.indices.last, self.timeline.steps[last].after == nil,
      self.timeline.steps[last].node == record.node
    {
      self.timeline.steps[last].commands.append(TraceWording.plain(record.text))
    } else if let last = self.timeline.faults.indices.last,
      self.timeline.faults[last].node == record.node
    {
      self.timeline.faults[last].text += "\n\(TraceWording.plain(record.text))"
    }
  }

  private mutating func addState(_ record: TraceRecord) {
    guard let node = record.node, let state = record.state else { return }
    self.states[node] = state
    guard let last = self.timeline.steps.indices.last, self.timeline.steps[last].node == node else {
      return
    }
    self.timeline.steps[last].after = state
  }

  // MARK: Messages and calls

  private mutating func addMessage(_ record: TraceRecord, _ moment: Timeline.Moment) {
    guard case .message(let number, let name) = record.mark, let from = record.node,
      let to = record.peer
    else { return }
    // The text begins with the name and the receiver, which are told apart here.
    let content = record.text.drop { $0 != ":" }.dropFirst(2)
    self.messagePlaces[number] = self.timeline.messages.count
    self.timeline.messages.append(
      Timeline.Message(
        number: number, name: name, text: TraceWording.plain(String(content)), from: from, to: to,
        sent: moment))
  }

  private mutating func loseMessage(_ record: TraceRecord, _ moment: Timeline.Moment) {
    guard case .message(let number, _) = record.mark, let place = self.messagePlaces[number] else {
      return
    }
    self.timeline.messages[place].lost = moment
  }

  private mutating func addCall(_ record: TraceRecord, _ moment: Timeline.Moment) {
    switch record.mark {
    case .asked(let number):
      guard let node = record.node else { return }
      self.callPlaces[number] = self.timeline.calls.count
      self.timeline.calls.append(
        Timeline.Call(
          number: number, node: node, question: TraceWording.plain(record.text), asked: moment))
    case .ended(let number, let ending):
      guard let place = self.callPlaces[number] else { return }
      self.timeline.calls[place].answer = TraceWording.plain(record.text)
      self.timeline.calls[place].ending = ending
      self.timeline.calls[place].ended = moment
    default:
      return
    }
  }

  // MARK: Forgetting

  /// Forgets all but the last steps, and what is over by then.
  private mutating func trim() {
    let excess = self.timeline.steps.count - self.stepsMax
    guard excess > 0 else { return }
    self.timeline.steps.removeFirst(excess)
    self.timeline.omittedSteps += excess
    let first = self.timeline.steps[0].moment.order
    self.timeline.messages.removeAll { message in
      max(message.sent.order, message.lost?.order ?? 0, message.arrivals.last?.order ?? 0) < first
        && (message.lost != nil || !message.arrivals.isEmpty
          || message.sent.order < first - 100_000)
    }
    self.timeline.calls.removeAll { ($0.ended?.order ?? $0.asked.order) < first }
    self.forgetFaults(before: first)
    self.messagePlaces = Dictionary(
      uniqueKeysWithValues: zip(
        self.timeline.messages.map(\.number), self.timeline.messages.indices))
    self.callPlaces = Dictionary(
      uniqueKeysWithValues: zip(self.timeline.calls.map(\.number), self.timeline.calls.indices))
  }

  /// Forgets early faults, but not those that may last.
  private mutating func forgetFaults(before first: Int) {
    var lasting: Set<Int> = []
    var newestLinks: Int?
    var newestOfNode: [NodeID: [Int]] = [:]
    for (index, fault) in self.timeline.faults.enumerated() where fault.moment.order < first {
      switch (fault.mark, fault.node) {
      case (.linksCut, _): newestLinks = index
      case (.cameUp, .some(let node)): newestOfNode[node] = []
      case (.wentDown, .some(let node)): newestOfNode[node] = [index]
      case (.paused, .some(let node)), (.diskStalls, .some(let node)):
        newestOfNode[node, default: []].append(index)
      case (.troublesEnd, _):
        for node in self.timeline.nodes { newestOfNode[node] = nil }
      default: continue
      }
    }
    lasting.formUnion(newestOfNode.values.flatMap(\.self))
    if let newestLinks { lasting.insert(newestLinks) }
    self.timeline.faults = self.timeline.faults.enumerated().filter { index, fault in
      fault.moment.order >= first || lasting.contains(index)
    }.map(\.element)
  }
}
