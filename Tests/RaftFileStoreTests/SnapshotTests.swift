import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("Snapshots in files are whole, checked, and few")
struct SnapshotTests {
  private static let directory = "/data/node/snapshots"

  private static func position(_ index: UInt64) -> LogID {
    LogID(term: 1, node: 1, index: LogIndex(index))
  }

  private static func take(_ index: UInt64, in open: OpenStore) async throws {
    try await open.take(.snapshot(Self.position(index)), next: 0, after: StoreModel())
  }

  private static func content(_ snapshot: any StoredSnapshot) async throws -> [UInt8] {
    let reader = try await snapshot.read()
    var content: [UInt8] = []
    while let piece = try await reader.next() { content += piece }
    return content
  }

  @Test("The two newest snapshots are kept, whatever the order they were made in")
  func keepsTwo() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    for index in [5, 9, 7, 3, 12] as [UInt64] { try await Self.take(index, in: open) }
    #expect(
      try disk.names(in: Self.directory) == [
        "00000000000000000002.snapshot", "00000000000000000005.snapshot",
      ])
    await open.store.close()
    let again = try await OpenStore.open(disk)
    #expect(try await again.contents().snapshot == Self.position(12))
    try await Self.take(12, in: again)
    #expect(try disk.names(in: Self.directory).count == 2)
    await again.store.close()
  }

  @Test("What a crash left of an unfinished snapshot is removed, and its number is free")
  func removesUnfinished() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    let writer = try await open.store.snapshots.begin(
      SnapshotMeta(lastLogID: Self.position(4), membership: .none))
    try await writer.write([UInt8](repeating: 1, count: 600_000))
    disk.crash(.keepAll)
    await open.store.close()
    #expect(try disk.names(in: Self.directory).count == 1)
    let again = try await OpenStore.open(disk)
    #expect(try disk.names(in: Self.directory).isEmpty)
    #expect(try await again.store.snapshots.latest() == nil)
    await again.store.close()
  }

  @Test("A snapshot whose writer is let go or abandoned leaves no file")
  func abandons() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    let meta = SnapshotMeta(lastLogID: Self.position(4), membership: .none)
    let abandoned = try await open.store.snapshots.begin(meta)
    try await abandoned.write([1, 2, 3])
    await abandoned.abandon()
    await #expect(throws: StorageError.self) { try await abandoned.write([4]) }
    _ = try await open.store.snapshots.begin(meta)
    await open.store.close()
    #expect(try disk.names(in: Self.directory).isEmpty)
  }

  @Test("Any byte of a snapshot turned is reported, at the opening or when it is read")
  func findsDamage() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    try await Self.take(4, in: open)
    await open.store.close()
    let path = FilePath.joining(Self.directory, "00000000000000000001.snapshot")
    let size = try #require(try disk.status(of: path)).size
    for offset in stride(from: 0, to: size, by: 5) {
      let copy = disk.copy()
      try copy.flip(bit: offset % 8, at: offset, in: path)
      // A turned version looks like a newer one.
      let expected: StorageError.Kind = 4..<8 ~= offset ? .foreign : .corrupted
      #expect(await Self.refusal(copy)?.kind == expected, "byte \(offset) of \(size)")
    }
  }

  /// Why the newest snapshot on the disk cannot be read.
  private static func refusal(_ disk: SimulatedFileSystem) async -> StorageError? {
    do {
      let store = try await FileStore.open(directory: "/data/node", node: 7, fileSystem: disk)
      do {
        _ = try await Self.content(try #require(try await store.snapshots.latest()))
      } catch {
        await store.close()
        throw error
      }
      await store.close()
      return nil
    } catch {
      return error as? StorageError
    }
  }

  @Test("A snapshot with a damaged description gives way to the one before, and stays a while")
  func fallsBack() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    for index in [4, 8] as [UInt64] { try await Self.take(index, in: open) }
    await open.store.close()
    let path = FilePath.joining(Self.directory, "00000000000000000002.snapshot")
    try disk.flip(bit: 0, at: 40, in: path)
    let again = try await OpenStore.open(disk)
    #expect(try await again.contents().snapshot == Self.position(4))
    #expect(try disk.status(of: path) != nil)
    try await Self.take(10, in: again)
    #expect(try disk.status(of: path) == nil)
    await again.store.close()
  }

  @Test("A commit that fails leaves nothing visible, and the store goes on")
  func failsCleanly() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    try await Self.take(4, in: open)
    for operation in [.write, .sync, .rename, .syncDirectory] as [FileOperation] {
      disk.failNext(operation, with: .noSpace)
      do {
        try await Self.take(8, in: open)
        Issue.record("\(operation) did not fail")
      } catch {
        #expect((error as? StorageError)?.kind == .full)
      }
      #expect(try await open.contents().snapshot == Self.position(4))
      #expect(try disk.names(in: Self.directory) == ["00000000000000000001.snapshot"])
    }
    try await Self.take(9, in: open)
    #expect(try await open.contents().snapshot == Self.position(9))
    await open.store.close()
  }

  @Test("A superseded snapshot that cannot be removed does not fail the commit")
  func removesLater() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    for index in [4, 5] as [UInt64] { try await Self.take(index, in: open) }
    disk.failNext(.remove)
    try await Self.take(6, in: open)
    #expect(try disk.names(in: Self.directory).count == 3)
    await open.store.close()
    let again = try await OpenStore.open(disk)
    #expect(try disk.names(in: Self.directory).count == 2)
    await again.store.close()
  }

  @Test("A snapshot read while newer ones take its place is whole to the end")
  func staysReadable() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    try await Self.take(4, in: open)
    let held = try #require(try await open.store.snapshots.latest())
    let reader = try await held.read()
    for index in [8, 9, 10] as [UInt64] { try await Self.take(index, in: open) }
    #expect(try !disk.names(in: Self.directory).contains("00000000000000000001.snapshot"))
    #expect(try await reader.next() == Step.content(Self.position(4)))
    #expect(try await reader.next() == nil)
    #expect(try await Self.content(held) == Step.content(Self.position(4)))
    await open.store.close()
  }
}
