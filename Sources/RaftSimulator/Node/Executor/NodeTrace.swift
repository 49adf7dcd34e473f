import Raft
import RaftEngine

/// What happened in a run, in order: always as one hash, and as records if they are wanted.
final class NodeTrace {
  private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private let sink: ((TraceRecord) -> Void)?
  private var messages = 0

  init(_ sink: ((TraceRecord) -> Void)?) {
    self.sink = sink
  }

  /// A job was run, the one at this place among those that were ready.
  func step(_ choice: Int, at now: Int64) {
    self.mix(UInt64(truncatingIfNeeded: choice))
    self.mix(UInt64(bitPattern: now))
  }

  /// Something happened that people want to read; put into words only if somebody does.
  func note(
    _ kind: TraceRecord.Kind, _ node: NodeID?, _ peer: NodeID?, _ text: () -> String,
    state: TraceRecord.NodeState? = nil, mark: () -> TraceMark?, step: Int, at now: Int64
  ) {
    self.mix(UInt64(kind.rawValue.utf8.first ?? 0))
    self.mix((node?.rawValue ?? 0) << 32 | (peer?.rawValue ?? 0))
    self.mix(state?.hash ?? 0)
    self.mix(UInt64(bitPattern: now))
    self.sink?(
      TraceRecord(
        step: step, time: now, kind: kind, node: node, peer: peer, text: text(), state: state,
        mark: mark()))
  }

  /// The number of the next message.
  func nextMessage() -> Int {
    self.messages += 1
    return self.messages
  }

  private func mix(_ number: UInt64) {
    var mixed = self.hash ^ number
    mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    self.hash = mixed ^ (mixed >> 29)
  }
}

extension TraceRecord.NodeState {
  /// What a node shows of itself.
  init(_ metrics: Metrics) {
    let membership = metrics.effectiveMembership
    var hash = Fingerprint()
    hash.add(metrics.vote)
    for position in [metrics.lastLogID, metrics.committed, metrics.applied, metrics.purged] {
      hash.add(position)
    }
    hash.add(metrics.snapshot)
    hash.add(membership.logID)
    hash.add(metrics.committedMembership.logID)
    for character in metrics.state.word.utf8 { hash.add(UInt64(character)) }
    for peer in metrics.replication {
      hash.add(peer.id.rawValue)
      hash.add(peer.matched)
    }
    self.init(
      role: metrics.state, vote: metrics.vote, purged: metrics.purged, last: metrics.lastLogID,
      durable: nil, committed: metrics.committed, applied: metrics.applied,
      membership: membership.description, hash: hash.value)
  }

  /// The state in one line.
  var line: String {
    """
    \(self.role) \(self.vote) log to \(self.last.brief) committed \(self.committed.brief) \
    applied \(self.applied.brief) members \(self.membership) hash \(String(self.hash, radix: 16))
    """
  }
}
