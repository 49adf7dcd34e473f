#if RocksDB
import Glibc
import Raft
import RaftFiles
import RaftRocksDBStore
import Testing

@Suite("A database that an earlier build wrote is read")
struct FixtureTests {
  private static let folder: String = {
    let own = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(own)/Fixtures/version-1"
  }()
  private static let leader = LeaderID(term: 5, node: 3)
  private static let members = try? Membership(voters: [
    Member(id: 3, address: "three:1"), Member(id: 4, address: "four:1"),
  ])

  @Test("Version 1 of the rows")
  func version1() async throws {
    let directory = makeTemporaryDirectory()
    try copyFiles(from: Self.folder, to: directory)
    let store = try await RocksDBStore.open(directory: directory, node: 3)
    let stored = try await store.log.load()
    #expect(
      stored
        == StoredLog(
          incarnation: Incarnation(77), cluster: ClusterID(high: 6, low: 7, generation: 1),
          vote: Vote(leader: Self.leader, isCommitted: true),
          purged: LogID(leader: Self.leader, index: 1),
          last: LogID(leader: Self.leader, index: 5),
          committed: LogID(leader: Self.leader, index: 4)))
    var payloads: [[UInt8]] = []
    for slice in try await store.log.entries(from: 2, through: 5, byteLimit: .max) {
      for index in slice.first.rawValue...slice.last.rawValue {
        payloads.append(Array(slice.payload(at: LogIndex(index))))
      }
    }
    #expect(payloads == [[2, 2], [3, 3, 3], [4], []])
    let snapshot = try #require(try await store.snapshots.latest())
    #expect(snapshot.meta.lastLogID == LogID(leader: Self.leader, index: 3))
    #expect(snapshot.meta.membership.membership == Self.members)
    #expect(snapshot.meta.byteCount == 900)
    let reader = try await snapshot.read()
    var count = 0
    while let piece = try await reader.next() {
      #expect(piece.allSatisfy { $0 == 9 })
      count += piece.count
    }
    #expect(count == 900)
    #expect(try store.machine.recover() == LogID(leader: Self.leader, index: 4))
    #expect(try store.machine.value(of: [1, 2]) == [3])
    await store.close()
    try removeTemporaryDirectory(directory)
  }

  /// Writes the fixture into the folder that the variable names, for a new version of the rows.
  @Test(
    "A fixture is written where one is asked for",
    .enabled(if: getenv("RAFT_ROCKSDB_FIXTURE") != nil))
  func write() async throws {
    let directory = String(cString: try #require(getenv("RAFT_ROCKSDB_FIXTURE")))
    let configuration = RocksDBStoreConfiguration(newIncarnation: Incarnation(77))
    let members = try #require(Self.members)
    var store = try await RocksDBStore.open(
      directory: directory, node: 3, configuration: configuration)
    _ = try await store.log.load()
    _ = store.log.adopt(ClusterID(high: 6, low: 7, generation: 1), completion: Self.ignored)
    _ = store.log.save(Vote(leader: Self.leader, isCommitted: true), completion: Self.ignored)
    let first = EntryRun(
      leader: Self.leader, first: 0, count: 1, byteCount: 0, kind: .membership, timestamp: .epoch,
      membership: members)
    _ = store.log.append(EntrySlice(EntryChunk(emptyPayloads: first)), completion: Self.ignored)
    try await self.append([[1], [2, 2], [3, 3, 3], [4]], from: 1, to: store)
    let writer = try await store.snapshots.begin(
      SnapshotMeta(
        lastLogID: LogID(leader: Self.leader, index: 3),
        membership: LoggedMembership(
          logID: LogID(leader: Self.leader, index: 0), membership: members)))
    try await writer.write(Array(repeating: 9, count: 900))
    _ = try await writer.commit()
    await store.close()
    // What is there now, RocksDB sorts into other files at the next start.
    store = try await RocksDBStore.open(directory: directory, node: 3)
    _ = try await store.log.load()
    try store.machine.apply(
      [.put([3], under: [1, 2])], at: LogID(leader: Self.leader, index: 4))
    store.log.purge(through: LogID(leader: Self.leader, index: 1))
    store.log.note(committed: LogID(leader: Self.leader, index: 4))
    try await self.append([[]], from: 5, to: store)
    await store.close()
    let disk = SystemFileSystem()
    for name in try disk.names(in: directory)
    where name.hasPrefix("LO") || name.hasPrefix("OPTIONS") || name == "store.lock" {
      try disk.remove(FilePath.joining(directory, name))
    }
  }

  private func append(
    _ payloads: [[UInt8]], from first: LogIndex, to store: RocksDBStore
  ) async throws {
    let bytes = payloads.flatMap { $0 }
    let run = EntryRun(
      leader: Self.leader, first: first, count: payloads.count, byteCount: bytes.count,
      kind: .command, timestamp: Timestamp(nanoseconds: 8))
    var end: UInt32 = 0
    let ends = payloads.map { payload in
      end += UInt32(payload.count)
      return end
    }
    let failure = await withCheckedContinuation { continuation in
      let completion = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: run.lastLogID)) {
        continuation.resume(returning: $1)
      }
      _ = store.log.append(
        EntrySlice(EntryChunk(run: run, bytes: bytes, ends: ends)), completion: completion)
    }
    #expect(failure == nil)
  }

  private static let ignored = IOCompletion(
    io: IOID(sequence: 0, vote: .initial, logID: nil)
  ) { _, _ in }
}
#endif
