import RaftMemoryStore
import Testing

@testable import Raft

@Suite("A node refuses to start from what no crash leaves (S90)")
struct InconsistencyTests {
  /// What a log store says and holds, and the last position in the snapshot store.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// A part of the error's text.
    let finding: String
    var vote: Vote? = Vote(leader: LeaderID(term: 5, node: 1), isCommitted: true)
    var purged: LogID?
    var last: LogID?
    var committed: LogID?
    var snapshot: LogID?
    /// Who wrote each entry, from this index on; the entry at 0 is the membership.
    var first: LogIndex = 0
    var entries: [LeaderID] = []
    var hasMembership = true

    var testDescription: String { self.name }
  }

  private static let two = LeaderID(term: 2, node: 1)
  private static let three = LeaderID(term: 3, node: 1)

  private static func at(_ leader: LeaderID, _ index: LogIndex) -> LogID {
    LogID(leader: leader, index: index)
  }

  static let cases: [Case] = [
    Case(
      name: "the log ends before it begins", finding: "before it begins behind T2-N1.5",
      purged: at(two, 5), last: at(two, 3), snapshot: at(two, 5)),
    Case(
      name: "entries without a vote", finding: "there is no vote", vote: nil, last: at(two, 1),
      entries: [two, two]),
    Case(
      name: "a vote older than the entries", finding: "of an earlier leadership",
      vote: Vote(leader: two, isCommitted: true), last: at(three, 1), entries: [two, three]),
    Case(
      name: "entries without a membership", finding: "who the members are", last: at(two, 1),
      entries: [two, two], hasMembership: false),
    Case(
      name: "a gap", finding: "a gap at 1, before its end at T2-N1.3", last: at(two, 3),
      entries: [two]),
    Case(
      name: "a log that begins too late", finding: "a gap at 0", last: at(two, 3), first: 1,
      entries: [two, two, two]),
    Case(
      name: "leaderships that go back", finding: "cannot follow T3-N1.1", last: at(two, 2),
      entries: [two, three, two]),
    Case(
      name: "an end of another leadership than it says", finding: "not at T3-N1.1 as it says",
      last: at(three, 1), entries: [two, two]),
    Case(
      name: "committed beyond the end", finding: "but the log ends at T2-N1.1", last: at(two, 1),
      committed: at(two, 2), entries: [two, two]),
    Case(
      name: "committed in an empty log", finding: "but the log ends at nothing",
      committed: at(two, 0)),
    Case(
      name: "another entry than the committed one", finding: "but the log has T2-N1.1 there",
      last: at(two, 1), committed: at(three, 1), entries: [two, two]),
    Case(
      name: "purged without a snapshot", finding: "there is no snapshot", purged: at(two, 5),
      last: at(two, 5)),
    Case(
      name: "purged beyond the snapshot", finding: "beyond the newest snapshot at T2-N1.4",
      purged: at(two, 5), last: at(two, 5), snapshot: at(two, 4)),
    Case(
      name: "a snapshot of another log", finding: "the snapshot there is of T3-N1.5",
      purged: at(two, 5), last: at(two, 5), snapshot: at(three, 5)),
  ]

  @Test("It says what it found and what to do", arguments: cases)
  func refuses(_ state: Case) async throws {
    let membership = try Membership(voters: [TestCluster.member(1)])
    let slices = state.entries.enumerated().map { offset, leader in
      let index = state.first + offset
      let isMembership = index == 0 && state.hasMembership
      return EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: leader, first: index, count: 1, byteCount: 0,
            kind: isMembership ? .membership : .blank, timestamp: .epoch,
            membership: isMembership ? membership : nil)))
    }
    let stored = StoredLog(
      incarnation: Incarnation(1), vote: state.vote, purged: state.purged,
      last: state.last, committed: state.committed)
    let snapshots = MemorySnapshotStore()
    if let last = state.snapshot {
      let logged = LoggedMembership(
        logID: LogID(leader: Self.two, index: 0), membership: membership)
      _ = try await snapshots.begin(SnapshotMeta(lastLogID: last, membership: logged)).commit()
    }
    do throws(StorageError) {
      let recovery = try await Recovery(
        logStore: StatedLogStore(stored, slices), snapshotStore: snapshots)
      try recovery.requireMemory()
      Issue.record("started with \(recovery.engine)")
    } catch {
      #expect(error.kind == .corrupted)
      #expect(error.message.contains(state.finding))
      #expect(error.message.contains("remove this node and add it anew"))
    }
  }

  @Test("A log cut off for a snapshot is none: a crash came before the purge behind it")
  func cutForSnapshot() async throws {
    let membership = try Membership(voters: [TestCluster.member(1)])
    let logged = LoggedMembership(logID: Self.at(Self.two, 0), membership: membership)
    let snapshots = MemorySnapshotStore()
    let last = Self.at(Self.three, 9)
    _ = try await snapshots.begin(SnapshotMeta(lastLogID: last, membership: logged)).commit()
    let cut = StoredLog(
      incarnation: Incarnation(1), vote: Vote(leader: Self.three, isCommitted: true),
      purged: Self.at(Self.two, 4), last: Self.at(Self.two, 4), committed: Self.at(Self.two, 7))
    let recovery = try await Recovery(
      logStore: StatedLogStore(cut, []), snapshotStore: snapshots)
    try recovery.requireMemory()
    #expect(recovery.engine.committed == last && recovery.engine.log.last == last)
  }

  @Test("A snapshot beyond the log's end is none: a crash came before the purge behind it")
  func snapshotBeyondLog() async throws {
    let membership = try Membership(voters: [TestCluster.member(1)])
    let last = Self.at(Self.two, 9)
    let logged = LoggedMembership(logID: Self.at(Self.two, 0), membership: membership)
    let snapshots = MemorySnapshotStore()
    _ = try await snapshots.begin(SnapshotMeta(lastLogID: last, membership: logged)).commit()
    let empty = StoredLog(incarnation: Incarnation(1))
    let recovery = try await Recovery(
      logStore: StatedLogStore(empty, []), snapshotStore: snapshots)
    #expect(recovery.engine.applied == last && recovery.engine.log.last == last)
  }
}
