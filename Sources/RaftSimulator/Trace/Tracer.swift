import Raft
import RaftEngine

/// Puts what happens into words, for a run that somebody wants to read.
struct Tracer {
  let sink: (TraceRecord) -> Void

  func note(
    _ kind: TraceRecord.Kind, _ text: String, node: NodeID? = nil, peer: NodeID? = nil,
    state: TraceRecord.NodeState? = nil, mark: TraceMark? = nil, in world: World
  ) {
    self.sink(
      TraceRecord(
        step: world.steps, time: world.now, kind: kind, node: node, peer: peer, text: text,
        state: state, mark: mark))
  }

  func sent(_ packet: Packet, in world: World) {
    self.note(
      .sent, packet, "\(packet.content.name) to n\(packet.to): \(packet.content.text)", world)
  }

  func lost(_ packet: Packet, in world: World) {
    self.note(.lost, packet, "\(packet.content.name) to n\(packet.to)", world)
  }

  private func note(
    _ kind: TraceRecord.Kind, _ packet: Packet, _ text: String, _ world: World
  ) {
    self.note(
      kind, text, node: packet.from, peer: packet.to,
      mark: .message(number: packet.number, name: packet.content.name), in: world)
  }

  func state(of node: SimulatedNode, in world: World) {
    let engine = node.engine
    let hash = StateHash.of(engine)
    let state = TraceRecord.NodeState(
      role: engine.serverState, vote: engine.vote, purged: engine.log.purged,
      last: engine.log.last, durable: engine.io.durable, committed: engine.committed,
      applied: engine.applied, membership: engine.membership.effective.description, hash: hash)
    let text =
      """
      \(state.role) \(state.vote) log \(engine.log) durable \(text(state.durable)) committed \
      \(text(state.committed)) applied \(text(state.applied)) members \(state.membership) \
      hash \(String(hash, radix: 16))
      """
    self.note(.state, text, node: node.id, state: state, in: world)
  }

  private func text(_ value: (some CustomStringConvertible)?) -> String {
    value.map(\.description) ?? "-"
  }
}

extension Packet.Content {
  /// What the message is called.
  var name: String {
    switch self {
    case .append(_, let entries, _): entries.isEmpty ? "heartbeat" : "append"
    case .appendAnswer: "answer to append"
    case .vote: "vote request"
    case .voteAnswer: "answer to vote request"
    case .preVote: "pre-vote request"
    case .preVoteAnswer: "answer to pre-vote request"
    case .snapshot: "snapshot"
    case .snapshotAnswer: "answer to snapshot"
    case .transfer: "transfer request"
    case .transferAnswer: "answer to transfer request"
    }
  }

  /// What the message says.
  fileprivate var text: String {
    switch self {
    case .append(let header, let entries, let sent):
      """
      \(header.vote) after \(Self.text(header.previous)) \(Self.text(entries)), committed \
      \(Self.text(header.committed)), session \(sent.session) message \(sent.message)
      """
    case .appendAnswer(let outcome, let sent):
      "\(PlainWords.of(outcome)), session \(sent.session) message \(sent.message)"
    case .vote(let request), .preVote(let request): PlainWords.of(request)
    case .voteAnswer(let response, let vote): "\(PlainWords.of(response)) under \(vote)"
    case .preVoteAnswer(let response, let vote): "\(PlainWords.of(response)) about \(vote)"
    case .snapshot(let vote, let snapshot, _): "\(vote) through \(snapshot.meta.lastLogID)"
    case .snapshotAnswer(let vote, let logID, _): "\(vote) through \(logID)"
    case .transfer(let request): PlainWords.of(request)
    case .transferAnswer(let response, let vote): "\(PlainWords.of(response)) under \(vote)"
    }
  }

  private static func text(_ logID: LogID?) -> String { logID.map { "\($0)" } ?? "nothing" }

  private static func text(_ entries: ArraySlice<SimulatedEntry>) -> String {
    guard let first = entries.first, let last = entries.last else { return "no entries" }
    return first.index == last.index ? "\(last.logID)" : "\(first.logID) to \(last.logID)"
  }
}
