import Raft
import RaftMemoryStore
import Testing

@Suite("A machine that keeps nothing")
struct MemoryMachineTests {
  private typealias Stores = LedgerStores

  @Test("Without a snapshot it is rebuilt from the log as far as the commit was noted")
  func fromTheLog() async throws {
    let stores = try Stores(through: 6, members: [1, 2, 3])
    stores.log.note(committed: Stores.logID(4))
    try await stores.live(Ledger()) { node in
      try await node.wait(for: .applied(atLeast: 4), within: TestCluster.limit)
      #expect(try await node.lines() == Stores.lines(1...4))
    }
  }

  @Test("With a snapshot it is rebuilt from that and the log behind it")
  func fromTheSnapshot() async throws {
    let stores = try Stores(through: 6)
    try await stores.snapshot(through: 3)
    try await stores.live(Ledger()) { node in
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
      #expect(try await node.lines() == Stores.lines(1...6))
      #expect(try await node.read { $0.stamps.count } == 3)
    }
  }

  @Test("With a log that was purged and snapshots that were not kept, the node says so")
  func snapshotsInMemory() async throws {
    let stores = try Stores(through: 6)
    stores.log.purge(through: Stores.logID(3))
    let failure = try await stores.failure(Ledger())
    guard case .storage(let error) = failure else {
      Issue.record("the node ended with \(String(describing: failure))")
      return
    }
    #expect(error.kind == .corrupted)
    #expect(error.message.contains("needs snapshots that do, too"))
  }
}
