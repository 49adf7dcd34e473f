import Raft
import RaftMemoryStore
import Testing

@Suite("The snapshot store in memory")
struct MemorySnapshotStoreTests {
  private let meta = SnapshotMeta(
    lastLogID: LogID(term: 1, node: 1, index: 9), membership: .none)

  @Test(
    "The content hash is that of the formats: XXH64 with seed 0",
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
      ("foobar", 0xA2AA_05ED_9085_AAF9),
    ] as [(String, UInt64)])
  func hashes(_ text: String, _ hash: UInt64) async throws {
    let writer = try await MemorySnapshotStore().begin(self.meta)
    for byte in text.utf8 { try await writer.write([byte]) }
    let stored = try await writer.commit()
    #expect(stored.meta.contentHash == hash)
    #expect(stored.meta.byteCount == UInt64(text.utf8.count))
  }

  @Test("Small pieces are put together, large ones stay as they are")
  func putsPiecesTogether() async throws {
    let writer = try await MemorySnapshotStore().begin(self.meta)
    for _ in 0..<100 { try await writer.write([1, 2, 3]) }
    try await writer.write(Array(repeating: 4, count: 100_000))
    try await writer.write([5])
    let reader = try await writer.commit().read()
    var lengths: [Int] = []
    while let piece = try await reader.next() { lengths.append(piece.count) }
    #expect(lengths == [300, 100_000, 1])
  }

  @Test("A writer that has committed or was abandoned refuses to go on")
  func refusesAfterEnd() async throws {
    let store = MemorySnapshotStore()
    let committed = try await store.begin(self.meta)
    _ = try await committed.commit()
    let abandoned = try await store.begin(self.meta)
    await abandoned.abandon()
    for writer in [committed, abandoned] {
      let write = await #expect(throws: StorageError.self) { try await writer.write([1]) }
      #expect(write?.kind == .closed)
      let commit = await #expect(throws: StorageError.self) { _ = try await writer.commit() }
      #expect(commit?.kind == .closed)
    }
    #expect(try await store.latest()?.meta.byteCount == 0)
  }
}
