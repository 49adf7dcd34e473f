import Raft

/// Plays the commands of a transcript, one after the other, and says what each led to.
final class TranscriptPlayer {
  /// Something that was asked and is answered at some time.
  private struct Call {
    let label: String
    /// How many calls the command made.
    let siblings: Int
    var answer: String?
    var isTold = false

    /// The answer for a reply; of many writes nobody wants to know every place.
    var text: String? {
      self.siblings > 1 && self.answer?.hasPrefix("done") == true ? "done" : self.answer
    }
  }

  private let stage: any TranscriptStage
  let ids: [NodeID]
  private var calls: [Call] = []
  private var stops: [String] = []
  private var leaders: [NodeID: Vote] = [:]
  private var values: Set<UInt64> = []
  private var filled: UInt64 = 1000

  init(_ opening: TranscriptOpening, on simulator: TranscriptSimulator) {
    self.stage =
      switch simulator {
      case .engines: EngineStage(opening)
      case .nodes: NodeStage(opening)
      }
    self.ids = (1...opening.play.nodeCount).map { NodeID(UInt64($0)) }
    self.stage.onAnswer = { [unowned self] call, text in self.calls[call].answer = text }
    self.stage.onStop = { [unowned self] id, reason in
      self.stops.append("\(id) stops: \(reason)")
    }
    self.stage.advance(by: ScriptedPlay.pause)
  }

  /// Plays a command and lets its time pass; returns what it led to.
  func play(_ command: TranscriptCommand, _ label: String) throws(CommandFault) -> [String] {
    let first = self.calls.count
    var reply: [String] = []
    switch command {
    case .until(let goal):
      reply += self.wait(for: goal)
    case .advance(let nanoseconds):
      self.stage.advance(by: nanoseconds)
    case .show, .logs, .look:
      reply += try self.look(command)
    default:
      try self.act(command, label)
      self.stage.advance(by: ScriptedPlay.pause)
    }
    if let violation = self.stage.violation { throw CommandFault(violation) }
    reply += self.answers(first..<self.calls.count)
    if case .elect(let id) = command, self.stage.status(of: id)?.state != .leader {
      reply.append("\(id) does not lead")
    }
    return reply + self.events()
  }

  /// The end of the play.
  func finish() throws(CommandFault) {
    self.stage.finish()
    if let violation = self.stage.violation { throw CommandFault(violation) }
  }

  // MARK: Replies

  /// What the calls of this command were told; those that nobody answered yet wait.
  private func answers(_ own: Range<Int>) -> [String] {
    Self.counted(
      own.map { place in
        self.calls[place].isTold = self.calls[place].answer != nil
        return self.calls[place].text ?? "waits"
      })
  }

  /// What happened beside: answers to earlier calls, nodes that stopped, leaders that came and went.
  private func events() -> [String] {
    var late: [String] = []
    for place in self.calls.indices where !self.calls[place].isTold {
      guard let text = self.calls[place].text else { continue }
      self.calls[place].isTold = true
      late.append("\(self.calls[place].label): \(text)")
    }
    defer { self.stops = [] }
    return Self.counted(late) + self.stops.sorted() + self.leaderEvents()
  }

  /// Each line once, with how often it came.
  private static func counted(_ lines: [String]) -> [String] {
    var counts: [(line: String, count: Int)] = []
    for line in lines {
      if let known = counts.firstIndex(where: { $0.line == line }) {
        counts[known].count += 1
      } else {
        counts.append((line, 1))
      }
    }
    return counts.map { $0.count == 1 ? $0.line : "\($0.line), \($0.count) times" }
  }

  private func leaderEvents() -> [String] {
    var came: [String] = []
    var went: [String] = []
    for id in self.ids {
      let status = self.stage.status(of: id)
      let vote = status?.state == .leader ? status?.vote : nil
      if let vote, self.leaders[id] != vote {
        came.append("\(id) leads in term \(vote.term)")
      } else if vote == nil, self.leaders[id] != nil, status != nil {
        went.append("\(id) leads no more")
      }
      self.leaders[id] = vote
    }
    return went + came
  }

  // MARK: Commands

  private func wait(for goal: TranscriptCommand.Goal) -> [String] {
    for _ in 0..<1200 {
      if self.isMet(goal) {
        self.stage.advance(by: ScriptedPlay.pause)
        return []
      }
      self.stage.advance(by: 50 * milliseconds)
    }
    return ["a minute passes, and it does not happen"]
  }

  private func isMet(_ goal: TranscriptCommand.Goal) -> Bool {
    switch goal {
    case .anyLeader: self.ids.contains { self.stage.status(of: $0)?.role == "leads" }
    case .role(let id, let role):
      (self.stage.status(of: id)?.role ?? "down").hasPrefix(role)
    }
  }

  private func look(_ command: TranscriptCommand) throws(CommandFault) -> [String] {
    switch command {
    case .show(let ids):
      return try self.each(ids) { self.stage.status(of: $0)?.line ?? "down" }
    case .logs(let ids):
      return try self.each(ids) { self.stage.disk(of: $0).line }
    case .look(let id, let register):
      try self.check(id)
      let value = self.stage.register(register, of: id)
      return [value.map { CallText.value($0, of: register) } ?? CallText.down]
    default:
      return []
    }
  }

  private func each(
    _ ids: [NodeID], _ body: (NodeID) -> String
  ) throws(CommandFault) -> [String] {
    for id in ids { try self.check(id) }
    return (ids.isEmpty ? self.ids : ids).map { "\($0) \(body($0))" }
  }

  func check(_ id: NodeID) throws(CommandFault) {
    guard self.ids.contains(id) else {
      throw CommandFault("there is no node \(id), only 1 to \(self.ids.count)")
    }
  }

  func checkUp(_ id: NodeID) throws(CommandFault) {
    try self.check(id)
    guard self.stage.status(of: id) != nil else {
      throw CommandFault("node \(id) is down; 'start \(id)' first")
    }
  }

  private func call(_ label: String, oneOf siblings: Int = 1) -> Int {
    self.calls.append(Call(label: label, siblings: siblings))
    return self.calls.count - 1
  }

  private func act(_ command: TranscriptCommand, _ label: String) throws(CommandFault) {
    switch command {
    case .write(let id, let register, let value):
      try self.checkUp(id)
      guard self.values.insert(value).inserted else {
        throw CommandFault("\(value) was written before; checkers tell writes by their values")
      }
      self.stage.write(value, to: register, at: id, call: self.call(label))
    case .fill(let id, let count):
      try self.checkUp(id)
      for _ in 0..<count {
        self.filled += 1
        self.stage.write(self.filled, to: 3, at: id, call: self.call(label, oneOf: count))
      }
    case .read(let id, let register, let other):
      try self.checkUp(id)
      try self.checkUp(other ?? id)
      self.stage.read(register, at: id, barrierFrom: other ?? id, call: self.call(label))
    case .change(let id, let change, let removed, let expected):
      try self.checkUp(id)
      self.stage.change(change, removed, if: expected, at: id, call: self.call(label))
    case .transfer(let from, let to):
      try self.checkUp(from)
      self.stage.transfer(from: from, to: to, call: self.call(label))
    case .found(let id, let voters):
      try self.checkUp(id)
      self.stage.found(voters, at: id, call: self.call(label))
    case .ask(let id, let vote, let last, let question):
      try self.checkUp(id)
      self.stage.ask(id, for: vote, last: last, question, call: self.call(label))
    case .tell(let append):
      try self.checkUp(append.to)
      self.stage.tell(append, call: self.call(label))
    default:
      try self.trouble(command, on: self.stage)
    }
  }
}
