import Raft
import RaftCommandLine
import RaftFileStore
import RaftFiles
import Testing

/// A folder with a store of some entries, which is removed afterwards.
struct FolderUnderTest {
  let path: String

  /// Lends a folder whose log has these payloads in entries from 1 on, behind a membership.
  static func with(
    _ payloads: [[UInt8]], _ body: (FolderUnderTest) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder(prefix: "raftctl-tests-")
    defer { folder.remove() }
    let store = try await FileStore.open(
      directory: folder.path, node: 3,
      configuration: FileStoreConfiguration(segmentSize: 1000, sealDelay: nil))
    _ = try await store.log.load()
    let leader = LeaderID(term: 2, node: 3)
    await Self.write { store.log.adopt(ClusterID(high: 1, low: 2), completion: $0) }
    await Self.write { store.log.save(Vote(leader: leader, isCommitted: true), completion: $0) }
    let membership = try Membership(voters: [Member(id: 3, address: "c:1")])
    let founding = EntryRun(
      leader: leader, first: 0, count: 1, byteCount: 0, kind: .membership, timestamp: .epoch,
      membership: membership)
    await Self.write {
      store.log.append(EntrySlice(EntryChunk(emptyPayloads: founding)), completion: $0)
    }
    for (place, payload) in payloads.enumerated() {
      let run = EntryRun(
        leader: leader, first: LogIndex(UInt64(place + 1)), count: 1, byteCount: payload.count,
        kind: .command, timestamp: .epoch)
      let chunk = EntryChunk(run: run, bytes: payload, ends: [UInt32(payload.count)])
      await Self.write { store.log.append(EntrySlice(chunk), completion: $0) }
    }
    let writer = try await store.snapshots.begin(
      SnapshotMeta(
        lastLogID: founding.lastLogID,
        membership: LoggedMembership(logID: founding.lastLogID, membership: membership)))
    try await writer.write([1, 2, 3])
    _ = try await writer.commit()
    await store.close()
    try await body(FolderUnderTest(path: folder.path))
  }

  /// The folder's files of the log, in their order.
  var segments: [String] {
    get throws {
      try SystemFileSystem().names(in: "\(self.path)/log").filter { $0.hasSuffix(".log") }
        .map { "\(self.path)/log/\($0)" }
    }
  }

  /// Turns a bit of a file.
  func flip(at offset: Int, in path: String) throws {
    let file = try SystemFileSystem().open(path, .readWrite)
    defer { file.close() }
    try file.write([try file.read(exactly: 1, at: offset)[0] ^ 4], at: offset)
  }

  private static func write(_ body: (IOCompletion) -> Durability) async {
    let failure = await withCheckedContinuation { continuation in
      _ = body(
        IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, error in
          continuation.resume(returning: error)
        })
    }
    #expect(failure == nil)
  }
}
