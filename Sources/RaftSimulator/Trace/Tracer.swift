import Raft
import RaftEngine

/// Puts what happens into words, for a run that somebody wants to read.
struct Tracer {
  let sink: (TraceRecord) -> Void

  func note(
    _ kind: TraceRecord.Kind, _ text: String, node: NodeID? = nil, peer: NodeID? = nil,
    state: TraceRecord.NodeState? = nil, in world: World
  ) {
    self.sink(
      TraceRecord(
        step: world.steps, time: world.now, kind: kind, node: node, peer: peer, text: text,
        state: state))
  }

  func lost(_ packet: Packet, in world: World) {
    self.note(
      .lost, "\(packet.content.name) to n\(packet.to)", node: packet.from, peer: packet.to,
      in: world)
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
    case .snapshot: "snapshot"
    case .snapshotAnswer: "answer to snapshot"
    case .transfer: "transfer request"
    }
  }
}
