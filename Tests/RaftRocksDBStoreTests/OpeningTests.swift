#if RocksDB
import Glibc
import Raft
import RaftFiles
import RaftRocksDBStore
import RaftStoreTesting
import Testing

@Suite("A RocksDB store is opened for whom it belongs to, and whole")
struct OpeningTests {
  private let directory = makeTemporaryDirectory()

  private func open(
    _ node: NodeID = 1, cluster: ClusterID? = nil
  ) async throws(StorageError) -> RocksDBStore {
    try await RocksDBStore.open(directory: self.directory, node: node, cluster: cluster)
  }

  /// The error with which opening, or loading the log, is refused.
  private func refusal(
    _ node: NodeID = 1, cluster: ClusterID? = nil
  ) async -> StorageError? {
    do {
      let store = try await self.open(node, cluster: cluster)
      do throws(StorageError) {
        _ = try await store.log.load()
        await store.close()
        return nil
      } catch {
        await store.close()
        return error
      }
    } catch {
      return error
    }
  }

  /// A store in which a few entries are durable.
  private func fill(_ store: RocksDBStore) async throws {
    _ = try await store.log.load()
    let leader = LeaderID(term: 3, node: 1)
    _ = store.log.adopt(ClusterID(high: 1, low: 2), completion: .ignored)
    _ = store.log.save(Vote(leader: leader, isCommitted: true), completion: .ignored)
    await withCheckedContinuation { continuation in
      let run = EntryRun(
        leader: leader, first: 0, count: 3, byteCount: 6, kind: .command, timestamp: .epoch)
      let chunk = EntryChunk(run: run, bytes: [1, 2, 3, 4, 5, 6], ends: [2, 4, 6])
      let completion = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: run.lastLogID)) {
        _, _ in continuation.resume()
      }
      _ = store.log.append(EntrySlice(chunk), completion: completion)
    }
  }

  @Test("It keeps its incarnation over reopening, and another directory gets another")
  func incarnations() async throws {
    let first = try await self.open()
    await first.close()
    let second = try await self.open()
    #expect(second.incarnation == first.incarnation)
    await second.close()
    try removeTemporaryDirectory(self.directory)
    let other = try await self.open()
    #expect(other.incarnation != first.incarnation)
    await other.close()
    try removeTemporaryDirectory(self.directory)
  }

  @Test("Another node, and another cluster, are refused; a later generation is not")
  func foreign() async throws {
    let store = try await self.open()
    try await self.fill(store)
    await store.close()
    #expect(await self.refusal(2)?.kind == .foreign)
    #expect(await self.refusal(cluster: ClusterID(high: 1, low: 3))?.kind == .foreign)
    #expect(await self.refusal(cluster: ClusterID(high: 1, low: 2, generation: 4)) == nil)
    #expect(await self.refusal() == nil)
    try removeTemporaryDirectory(self.directory)
  }

  @Test("While it is open nobody else opens it")
  func locked() async throws {
    let store = try await self.open()
    let refusal = await self.refusal()
    #expect(refusal?.kind == .locked)
    #expect(refusal?.message.contains("process \(getpid())") == true)
    await store.close()
    #expect(await self.refusal() == nil)
    try removeTemporaryDirectory(self.directory)
  }

  @Test("A database that was never finished is made anew")
  func unfinished() async throws {
    let store = try await self.open()
    await store.close()
    let mark = FilePath.joining(self.directory, "unfinished")
    try SystemFileSystem().open(mark, .createNew).close()
    let again = try await self.open(2)
    #expect(again.incarnation != store.incarnation)
    await again.close()
    #expect(try SystemFileSystem().status(of: mark) == nil)
    #expect(await self.refusal(2) == nil)
    try removeTemporaryDirectory(self.directory)
  }

  @Test("A store of files is no place for a database, and a database that lost its head is damaged")
  func otherContent() async throws {
    let disk = SystemFileSystem()
    try disk.createDirectory(FilePath.joining(self.directory, "log"))
    try disk.open(FilePath.joining(self.directory, "IDENTITY"), .createNew).close()
    #expect(await self.refusal()?.kind == .foreign)
    try removeTemporaryDirectory(self.directory)
    let store = try await self.open()
    await store.close()
    for name in ["CURRENT", "synced"] {
      let copy = makeTemporaryDirectory()
      try copyFiles(from: self.directory, to: copy)
      try disk.remove(FilePath.joining(copy, name))
      await #expect(throws: StorageError.self) {
        try await RocksDBStore.open(directory: copy, node: 1)
      }
      try removeTemporaryDirectory(copy)
    }
    try removeTemporaryDirectory(self.directory)
  }

  @Test("What the database lost of what was synced is told, though RocksDB itself is content")
  func lostWrites() async throws {
    let early = makeTemporaryDirectory()
    let store = try await self.open()
    _ = try await store.log.load()
    try copyFiles(from: self.directory, to: early)
    await store.close()
    let filled = try await self.open()
    try await self.fill(filled)
    await filled.close()
    let disk = SystemFileSystem()
    let count = FilePath.joining(early, "synced")
    try disk.replaceFile(
      at: count, with: try disk.readFile(at: FilePath.joining(self.directory, "synced")))
    do {
      let store = try await RocksDBStore.open(directory: early, node: 1)
      await store.close()
      Issue.record("the store was opened")
    } catch {
      #expect(error.kind == .corrupted)
      #expect(error.message.contains("synced writes"))
    }
    try removeTemporaryDirectory(early)
    try removeTemporaryDirectory(self.directory)
  }

  @Test("Damage to any file is told when the store is opened or read, also to the sorted ones")
  func damagedFiles() async throws {
    let store = try await self.open()
    try await self.fill(store)
    let meta = SnapshotMeta(
      lastLogID: LogID(term: 3, node: 1, index: 1),
      membership: LoggedMembership(
        logID: LogID(term: 3, node: 1, index: 0),
        membership: try Membership(voters: [Member(id: 1, address: "a")])))
    let writer = try await store.snapshots.begin(meta)
    try await writer.write(Array(repeating: 9, count: 900))
    _ = try await writer.commit()
    try store.machine.apply([.put([1], under: [2])], at: LogID(term: 3, node: 1, index: 2))
    await store.close()
    // What RocksDB finds in its log at a start, it sorts into other files.
    await (try await self.open()).close()
    let whole = try await Content(of: self.directory)
    #expect(whole.applied?.index == 2 && whole.payloads.count == 3 && whole.snapshot.count == 900)
    let disk = SystemFileSystem()
    var (sortedCount, tried, told) = (0, 0, 0)
    for name in try disk.names(in: self.directory)
    where name == "CURRENT" || name.hasPrefix("MANIFEST-") || name.hasSuffix(".log")
      || name.hasSuffix(".sst")
    {
      sortedCount += name.hasSuffix(".sst") ? 1 : 0
      let size = try disk.status(of: FilePath.joining(self.directory, name))?.size ?? 0
      for offset in stride(from: 0, to: size, by: max(1, size / 40)) {
        let copy = makeTemporaryDirectory()
        try copyFiles(from: self.directory, to: copy)
        try flip(offset, of: FilePath.joining(copy, name))
        tried += 1
        do {
          let found = try await Content(of: copy)
          // What the machine lost with its position, the node applies again.
          let isWhole = found == whole || found == whole.withoutMachine
          #expect(isWhole, "byte \(offset) of \(name): \(found)")
        } catch {
          #expect(
            error.kind == .corrupted || error.kind == .foreign, "\(offset) of \(name): \(error)")
          told += 1
        }
        try removeTemporaryDirectory(copy)
      }
    }
    #expect(sortedCount >= 4 && tried >= 150 && told > tried / 4)
    try removeTemporaryDirectory(self.directory)
  }

  @Test("A device that refuses a write stops the store for good, with a typed error")
  func failingDevice() async throws {
    await #expect(processExitsWith: .exitCode(17)) {
      // Nothing this process writes may be larger: the system answers EFBIG, as a device might EIO.
      signal(SIGXFSZ, SIG_IGN)
      let directory = makeTemporaryDirectory()
      let store = try await RocksDBStore.open(directory: directory, node: 1)
      _ = try await store.log.load()
      var limit = rlimit(rlim_cur: 64 << 10, rlim_max: 64 << 10)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let first = await failure(of: store.log, appending: 256 << 10, at: 0)
      let second = await failure(of: store.log, appending: 1, at: 1)
      let kept = (try? store.machine.apply([], at: LogID(term: 1, node: 1, index: 0))) != nil
      await store.close()
      try? removeTemporaryDirectory(directory)
      guard first?.kind == .io, second?.kind == .closed, !kept else { exit(1) }
      exit(17)
    }
  }
}

/// Everything that a node would find in a directory.
private struct Content: Hashable {
  var log: StoredLog
  var payloads: [[UInt8]] = []
  var snapshot: [UInt8] = []
  var applied: LogID?
  var row: [UInt8]?

  /// Opens the store, reads everything, and closes it.
  init(of directory: String) async throws(StorageError) {
    let store = try await RocksDBStore.open(directory: directory, node: 1)
    do throws(StorageError) {
      self.log = try await store.log.load()
      for index in 0..<3 as Range<UInt64> {
        for slice in try await store.log.entries(
          from: LogIndex(index), through: LogIndex(index), byteLimit: 1)
        {
          self.payloads.append(Array(slice.payload(at: LogIndex(index))))
        }
      }
      if let reader = try await store.snapshots.latest()?.read() {
        while let piece = try await reader.next() { self.snapshot += piece }
      }
      self.row = try store.machine.value(of: [2])
      self.applied = try store.machine.recover()
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  /// The same, with a machine that holds nothing.
  var withoutMachine: Content {
    var other = self
    (other.applied, other.row) = (nil, nil)
    return other
  }
}

/// The failure of an append of one entry with so many bytes; `nil` if it became durable.
private func failure(
  of log: RocksDBLogStore, appending byteCount: Int, at index: LogIndex
) async -> StorageError? {
  await withCheckedContinuation { continuation in
    let run = EntryRun(
      leader: LeaderID(term: 1, node: 1), first: index, count: 1, byteCount: byteCount,
      kind: .command, timestamp: .epoch)
    let chunk = EntryChunk(
      run: run, bytes: Array(repeating: 7, count: byteCount), ends: [UInt32(byteCount)])
    let completion = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: run.lastLogID)) {
      continuation.resume(returning: $1)
    }
    _ = log.append(EntrySlice(chunk), completion: completion)
  }
}

extension IOCompletion {
  /// A completion that nobody waits for.
  fileprivate static var ignored: IOCompletion {
    IOCompletion(io: IOID(sequence: 0, vote: .initial, logID: nil)) { _, _ in }
  }
}
#endif
