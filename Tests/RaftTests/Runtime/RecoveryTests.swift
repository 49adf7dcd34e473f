import RaftMemoryStore
import Testing

@testable import Raft

@Suite("A node starts from whatever a crash leaves")
struct RecoveryTests {
  /// Stores with a log of these leaders' single entries, from index 0 on.
  private struct Stores {
    let log = MemoryLogStore()
    let snapshots = MemorySnapshotStore()

    init() {
      let io = IOID(sequence: 1, vote: .initial, logID: nil)
      _ = self.log.save(
        Vote(leader: LeaderID(term: 9, node: 1), isCommitted: false),
        completion: IOCompletion(io: io) { _, _ in })
    }

    func append(_ run: EntryRun) {
      let io = IOID(sequence: 1, vote: .initial, logID: nil)
      _ = self.log.append(
        EntrySlice(EntryChunk(emptyPayloads: run)), completion: IOCompletion(io: io) { _, _ in })
    }

    func append(_ leader: LeaderID, at index: LogIndex, _ membership: Membership? = nil) {
      self.append(
        EntryRun(
          leader: leader, first: index, count: 1, byteCount: 0,
          kind: membership == nil ? .blank : .membership, timestamp: .epoch,
          membership: membership))
    }

    func snapshot(at logID: LogID) async throws {
      let meta = SnapshotMeta(
        lastLogID: logID, membership: try RecoveryTests.logged(LeaderID(term: 1, node: 1)))
      _ = try await self.snapshots.begin(meta).commit()
    }

    func recover() async throws(StorageError) -> Engine.Recovered {
      try await Recovery(logStore: self.log, snapshotStore: self.snapshots).engine
    }
  }

  /// A membership as entry 0 of this leader.
  static func logged(_ leader: LeaderID) throws -> LoggedMembership {
    LoggedMembership(
      logID: LogID(leader: leader, index: 0),
      membership: try Membership(voters: [TestCluster.member(1)]))
  }

  @Test("A short log of a later leader is purged through the snapshot of an earlier one's entries")
  func laterLeaderBehind() async throws {
    // Leader 5 wrote one entry that nobody else got; the entries of leader 3, which it had never
    // seen, were committed by leader 6 and came here as a snapshot.
    let stores = Stores()
    for index in [0, 1, 2] as [LogIndex] {
      stores.append(LeaderID(term: 2, node: 1), at: index)
    }
    stores.append(LeaderID(term: 5, node: 1), at: 3)
    let snapshot = LogID(term: 3, node: 2, index: 20)
    try await stores.snapshot(at: snapshot)
    let recovered = try await stores.recover()
    #expect(recovered.log == LogIDList(purged: snapshot, last: snapshot))
    #expect(recovered.applied == snapshot)
  }

  @Test("A log purged through another entry than the snapshot's last one is refused")
  func contradictingPurge() async throws {
    let stores = Stores()
    stores.append(LeaderID(term: 2, node: 1), at: 0)
    stores.log.purge(through: LogID(term: 2, node: 1, index: 0))
    try await stores.snapshot(at: LogID(term: 3, node: 1, index: 0))
    await #expect {
      try await stores.recover()
    } throws: {
      ($0 as? StorageError)?.kind == .corrupted
    }
  }

  @Test("A membership that is noted as committed is known to be committed")
  func committedMembership() async throws {
    let stores = Stores()
    let leader = LeaderID(term: 2, node: 1)
    let membership = try Membership(voters: [TestCluster.member(1)])
    stores.append(leader, at: 0, membership)
    stores.append(leader, at: 1)
    #expect(try await stores.recover().membership.committed == .none)
    stores.log.note(committed: LogID(leader: leader, index: 1))
    let recovered = try await stores.recover()
    let logged = LoggedMembership(
      logID: LogID(leader: leader, index: 0), membership: membership)
    #expect(recovered.membership == MembershipState(committed: logged, effective: logged))
  }

  @Test("How far the log is committed is known from the note in it (S89)")
  func watermark() async throws {
    let stores = Stores()
    let leader = LeaderID(term: 2, node: 1)
    stores.append(leader, at: 0, try Self.logged(leader).membership)
    stores.append(leader, at: 1)
    #expect(try await stores.recover().committed == nil)
    stores.log.note(committed: LogID(leader: leader, index: 0))
    #expect(try await stores.recover().committed == LogID(leader: leader, index: 0))
  }
}
