import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("Cold files are read again, and damage is told")
struct ScrubbingTests {
  private static let first = "/data/node/log/00000000000000000001.log"

  @Test("What decays while the log is open is reported, with the file, the place and the entry")
  func reports() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let store = try await FileStore.open(
      directory: OpenStore.directory, node: 7, fileSystem: disk,
      configuration: FileStoreConfiguration(
        segmentSize: 2048, sealDelay: nil, scrubRate: 1 << 30))
    let open = OpenStore(store: store, loaded: try await store.log.load())
    var model = StoreModel()
    for _ in 0..<20 {
      let step = Step.append(term: 1, sizes: [100])
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    #expect(try await store.log.verify().damage == [])
    #expect(store.log.damage == [])
    let (reports, report) = AsyncStream.makeStream(of: StorageError.self)
    store.log.reportDamage { report.yield($0) }
    // In the second of the first file's records of entries.
    try disk.flip(bit: 0, at: 128 + 64 + 216 + 150, in: Self.first)
    var found = reports.makeAsyncIterator()
    let damage = try #require(await found.next())
    #expect(damage.kind == .corrupted)
    #expect(damage.message.contains(Self.first), "\(damage)")
    #expect(damage.message.contains("entry T1-N1.0"), "\(damage)")
    #expect(store.log.damage == [damage])
    #expect(try await store.log.verify().damage == [damage])
    await store.close()
  }

  @Test("A snapshot that decays is reported too, before anybody needs it")
  func snapshot() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let store = try await FileStore.open(
      directory: OpenStore.directory, node: 7, fileSystem: disk,
      configuration: FileStoreConfiguration(scrubRate: 1 << 30))
    _ = try await store.log.load()
    let last = LogID(term: 1, node: 1, index: 9)
    let writer = try await store.snapshots.begin(
      SnapshotMeta(lastLogID: last, membership: .none, timestamp: .epoch))
    try await writer.write([UInt8](repeating: 7, count: 300_000))
    _ = try await writer.commit()
    let (reports, report) = AsyncStream.makeStream(of: StorageError.self)
    store.log.reportDamage { report.yield($0) }
    let path = "/data/node/snapshots/00000000000000000001.snapshot"
    try disk.flip(bit: 3, at: 200_000, in: path)
    var found = reports.makeAsyncIterator()
    let damage = try #require(await found.next())
    #expect(damage.kind == .corrupted && damage.message.contains(path), "\(damage)")
    #expect(store.log.damage == [damage])
    await store.close()
  }
}
