import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("A simulated network")
struct NetworkTests {
  private let header = AppendHeader(
    vote: Vote(leader: LeaderID(term: 1, node: 1), isCommitted: true), previous: nil,
    committed: nil, promise: 0, session: 1)

  private func append(to node: NodeID, entryCount: UInt64) -> Packet {
    let entries = (0..<entryCount).map { index in
      SimulatedEntry(
        logID: LogID(term: 1, node: 1, index: LogIndex(index)), kind: .command,
        timestamp: .epoch, payload: index, after: 0)
    }
    let sent = Sent(peer: node, session: 1, message: 1, at: Instant(nanoseconds: 0))
    return Packet(
      from: 1, fromLife: 1, to: node, life: 0, content: .append(self.header, entries[...], sent))
  }

  @Test("Where entries are stuck, heartbeats pass")
  func lanes() {
    var network = SimulatedNetwork(nodeCount: 3)
    network.holdEntries(from: 1, to: 2)
    #expect(network.isHeld(self.append(to: 2, entryCount: 1)))
    #expect(!network.isHeld(self.append(to: 2, entryCount: 0)))
    #expect(!network.isHeld(self.append(to: 3, entryCount: 1)))
  }

  @Test("A link that is released gives back what waited on it, and nothing else")
  func release() {
    var network = SimulatedNetwork(nodeCount: 3)
    network.hold(from: 1, to: 2)
    network.hold(from: 1, to: 3)
    network.keepWaiting(self.append(to: 2, entryCount: 0))
    network.keepWaiting(self.append(to: 3, entryCount: 0))
    #expect(network.release(from: 1, to: 2).map(\.to) == [2])
    #expect(!network.isHeld(self.append(to: 2, entryCount: 0)))
    #expect(network.isHeld(self.append(to: 3, entryCount: 0)))
    #expect(network.unleash().map(\.to) == [3])
  }
}
