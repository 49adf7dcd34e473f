import RaftMemoryStore
import Testing

@testable import Raft

@Suite("A machine that keeps its own state")
struct KeptMachineTests {
  private typealias Stores = LedgerStores

  /// Waits until the node leads and all that was in the log is applied.
  private static func settle(_ node: RaftNode<KeptLedger>) async throws {
    try await node.wait(for: .servingLeader, within: TestCluster.limit)
  }

  @Test("It is given no command twice over restarts, and every later one")
  func onceOverRestarts() async throws {
    let stores = try Stores(through: 4)
    let disk = LedgerDisk()
    for round in 1...3 {
      try await stores.live(KeptLedger(disk: disk)) { node in
        try await Self.settle(node)
        _ = try await node.write([UInt8(100 + round)])
      }
    }
    let lines = disk.now.lines
    #expect(Array(lines.prefix(4)) == Stores.lines(1...4))
    #expect(lines.dropFirst(4).map(\.command) == [[101], [102], [103]])
    #expect(disk.now.restored == 0)
  }

  @Test("Ahead of the note about the commit, what it holds is committed")
  func aheadOfTheNote() async throws {
    let stores = try Stores(through: 6)
    stores.log.note(committed: Stores.logID(2))
    let recovery = try await Recovery(
      logStore: stores.log, snapshotStore: stores.snapshots, kept: Stores.logID(4))
    #expect(recovery.engine.committed == Stores.logID(4))
    #expect(recovery.engine.applied == nil)
    let disk = LedgerDisk(last: Stores.logID(4), lines: Stores.lines(1...4))
    try await stores.live(KeptLedger(disk: disk)) { node in try await Self.settle(node) }
    #expect(disk.now.lines == Stores.lines(1...6))
  }

  @Test("Behind the note about the commit, it gets what is missing before anybody leads")
  func behindTheNote() async throws {
    let stores = try Stores(through: 6, members: [1, 2, 3])
    stores.log.note(committed: Stores.logID(5))
    let disk = LedgerDisk(last: Stores.logID(2), lines: Stores.lines(1...2))
    try await stores.live(KeptLedger(disk: disk)) { node in
      try await node.wait(for: .applied(atLeast: 5), within: TestCluster.limit)
    }
    #expect(disk.now.lines == Stores.lines(1...5))
  }

  @Test("Behind a log that was purged, it is restored from the snapshot")
  func purgedBeyond() async throws {
    let stores = try Stores(through: 6)
    try await stores.snapshot(through: 5)
    stores.log.purge(through: Stores.logID(4))
    let disk = LedgerDisk(last: Stores.logID(2), lines: Stores.lines(1...2))
    try await stores.live(KeptLedger(disk: disk)) { node in try await Self.settle(node) }
    #expect(disk.now.lines == Stores.lines(1...6))
    #expect(disk.now.restored == 1)
  }

  @Test("Ahead of the newest snapshot, it is not set back to it")
  func aheadOfTheSnapshot() async throws {
    for kept in [5, 6] as [LogIndex] {
      let stores = try Stores(through: 6)
      try await stores.snapshot(through: 5)
      stores.log.purge(through: Stores.logID(5))
      let disk = LedgerDisk(last: Stores.logID(kept), lines: Stores.lines(1...kept))
      try await stores.live(KeptLedger(disk: disk)) { node in try await Self.settle(node) }
      #expect(disk.now.lines == Stores.lines(1...6))
      #expect(disk.now.restored == 0)
    }
  }

  @Test("Behind a log that was purged without a snapshot, the node says what was lost")
  func purgedWithoutSnapshot() async throws {
    let stores = try Stores(through: 6)
    stores.log.purge(through: Stores.logID(4))
    let disk = LedgerDisk(last: Stores.logID(2), lines: Stores.lines(1...2))
    let failure = try await stores.failure(KeptLedger(disk: disk))
    guard case .storage(let error) = failure else {
      Issue.record("the node ended with \(String(describing: failure))")
      return
    }
    #expect(error.kind == .corrupted)
    #expect(
      error.message == """
        the log is purged through T1-N1.4, but there is no snapshot: a snapshot was lost, or was \
        kept in memory alone; restore it, or remove this node and add it anew with an empty \
        folder; a log that outlives the process needs snapshots that do, too
        """)
  }

  @Test("With the state of another history, the node does not start, or stops at the difference")
  func otherHistory() async throws {
    let other = LeaderID(term: 2, node: 1)
    for (index, snapshot) in [(4, nil), (5, 5), (1, nil)] as [(LogIndex, LogIndex?)] {
      let stores = try Stores(through: 6)
      if let snapshot { try await stores.snapshot(through: snapshot) }
      let disk = LedgerDisk(last: LogID(leader: other, index: index))
      let failure = try await stores.failure(KeptLedger(disk: disk))
      guard case .storage(let error) = failure else {
        Issue.record("the node ended with \(String(describing: failure))")
        continue
      }
      #expect(error.kind == .corrupted)
      #expect(error.message.contains("the machine's own data is of another node"))
      #expect(disk.now.lines == [])
    }
  }

  @Test("If it cannot be opened, the node does not start")
  func unreadable() async throws {
    let stores = try Stores(through: 2)
    let disk = LedgerDisk()
    disk.update { $0.isUnreadable = true }
    let failure = try await stores.failure(KeptLedger(disk: disk))
    guard case .stateMachine(let text) = failure else {
      Issue.record("the node ended with \(String(describing: failure))")
      return
    }
    #expect(text == "recover threw: Unreadable()")
  }

  @Test("Ahead of its log, it waits until the entries came again, and refuses other ones")
  func news() throws {
    let kept = Stores.logID(5)
    var position = MachineWorker.Position(applied: nil, membership: .none, kept: kept)
    func slice(_ leader: LeaderID, _ first: LogIndex, count: Int) -> EntrySlice {
      EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: leader, first: first, count: count, byteCount: 0, kind: .command,
            timestamp: .epoch)))
    }
    #expect(try position.news(in: slice(Stores.leader, 3, count: 2)) == nil)
    #expect(try position.news(in: slice(Stores.leader, 3, count: 3)) == nil)
    let news = try position.news(in: slice(Stores.leader, 4, count: 4))
    #expect(news?.first == 6)
    #expect(news?.count == 2)
    let later = LeaderID(term: 2, node: 1)
    for refused in [slice(later, 3, count: 1), slice(later, 4, count: 4)] {
      #expect(throws: NodeFailure.self) { try position.news(in: refused) }
    }
    let earlier = LeaderID(term: 0, node: 1)
    #expect(try position.news(in: slice(earlier, 3, count: 1)) == nil)
    #expect(throws: NodeFailure.self) { try position.news(in: slice(earlier, 4, count: 2)) }
    position.kept = nil
    #expect(try position.news(in: slice(later, 4, count: 4))?.count == 4)
  }
}
