import Raft

@testable import RaftSimulator

/// Writes traces for tests, one record after another.
struct TraceScript {
  private(set) var records: [TraceRecord] = []
  private var states: [NodeID: TraceRecord.NodeState] = [:]
  private var step = 0
  private var time: Int64 = 0
  private var sent = 0

  mutating func wait(milliseconds: Int64) { self.time += milliseconds * 1_000_000 }

  /// A step of a node that leaves it in this state.
  mutating func step(
    _ node: NodeID, _ input: String, message: Int? = nil, from peer: NodeID? = nil,
    _ state: TraceRecord.NodeState? = nil
  ) {
    self.step += 1
    self.note(.input, input, node, peer: peer, message.map { .arrived(message: $0) })
    if let state { self.states[node] = state }
  }

  /// Ends the step.
  mutating func done(_ node: NodeID) {
    self.note(.state, "state", node, state: self.states[node])
  }

  mutating func command(_ node: NodeID, _ text: String) { self.note(.command, text, node) }

  /// A message; returns its number.
  mutating func send(_ name: String, _ text: String, from: NodeID, to peer: NodeID) -> Int {
    self.sent += 1
    self.note(
      .sent, "\(name) to n\(peer): \(text)", from, peer: peer,
      .message(number: self.sent, name: name))
    return self.sent
  }

  mutating func lose(_ number: Int, _ name: String, from: NodeID, to peer: NodeID) {
    self.note(.lost, "\(name) to n\(peer)", from, peer: peer, .message(number: number, name: name))
  }

  mutating func fault(_ text: String, _ node: NodeID? = nil, _ mark: TraceMark? = nil) {
    self.note(.fault, text, node, mark)
  }

  mutating func ask(_ call: Int, _ text: String, _ node: NodeID) {
    self.note(.client, text, node, .asked(call: call))
  }

  mutating func answer(_ call: Int, _ text: String, _ node: NodeID, _ end: TraceMark.CallEnd) {
    self.note(.client, text, node, .ended(call: call, end))
  }

  private mutating func note(
    _ kind: TraceRecord.Kind, _ text: String, _ node: NodeID?, peer: NodeID? = nil,
    _ mark: TraceMark? = nil, state: TraceRecord.NodeState? = nil
  ) {
    self.records.append(
      TraceRecord(
        step: self.step, time: self.time, kind: kind, node: node, peer: peer, text: text,
        state: state, mark: mark))
  }

  func violation(_ evidence: String) -> Violation {
    Violation(
      property: .electionSafety, evidence: evidence, scenario: Scenario(seed: 1), step: self.step,
      time: self.time)
  }

  func timeline(
    title: String = "three nodes", stepsMax: Int = 100, _ violation: Violation? = nil
  ) -> Timeline {
    var recorder = TimelineRecorder(
      title: title, command: "raft-sim replay 1", stepsMax: stepsMax)
    for record in self.records { recorder.record(record) }
    return recorder.finish(with: violation)
  }
}

extension TraceRecord.NodeState {
  static func of(
    _ role: ServerState, _ vote: Vote, last: LogID? = nil, committed: LogID? = nil
  ) -> TraceRecord.NodeState {
    TraceRecord.NodeState(
      role: role, vote: vote, purged: nil, last: last, durable: last?.index, committed: committed,
      applied: nil, membership: "[1,2,3]", hash: 255)
  }
}

extension TraceScript {
  /// Node 1 is elected while node 3 is cut off, serves a client, and node 2 loses power.
  static var election: TraceScript {
    var script = TraceScript()
    let own = Vote(leader: LeaderID(term: 1, node: 1), isCommitted: false)
    let entry = LogID(term: 1, node: 1, index: 1)
    for node in [1, 2, 3] as [NodeID] {
      script.step(node, "elapsed", .of(.follower, .initial))
      script.done(node)
    }
    let links = [
      TraceMark.Link(from: 1, to: 3), .init(from: 3, to: 1), .init(from: 2, to: 3),
      .init(from: 3, to: 2),
    ]
    script.fault("the network splits", nil, .linksCut(links))
    script.wait(milliseconds: 150)
    script.step(1, "elapsed", .of(.candidate, own))
    script.command(1, "saveVote(T1-N1, 1)")
    let first = script.send("vote request", "T1-N1", from: 1, to: 2)
    let second = script.send("vote request", "T1-N1", from: 1, to: 3)
    script.lose(second, "vote request", from: 1, to: 3)
    script.done(1)
    script.wait(milliseconds: 2)
    script.step(
      2, "voteRequested(RaftEngine.VoteRequest(vote: T1-N1, lastLogID: Optional(T1-N1.0)))",
      message: first, from: 1, .of(.follower, own))
    let answer = script.send("answer to vote request", "granted", from: 2, to: 1)
    script.done(2)
    script.wait(milliseconds: 1)
    script.step(
      1, "voteAnswered", message: answer, from: 2, .of(.leader, own.committed, last: entry))
    script.done(1)
    script.ask(7, "call 7: write", 1)
    script.step(1, "elapsed")
    script.done(1)
    script.fault("loses power", 2, .wentDown)
    script.fault("its disk stalls", 1, .diskStalls(until: 900_000_000))
    script.wait(milliseconds: 400)
    script.answer(7, "call 7: outcome unknown", 1, .unknown)
    script.step(1, "elapsed", .of(.leader, own.committed, last: entry, committed: entry))
    return script
  }
}
