import Raft
import RaftConcurrency
import RaftFileStore
import RaftMemoryStore
import RaftStoreTesting
import TestPace
import Testing

@Suite("A crash in the middle of an unsafe recovery", .longRun)
struct RecoveryCrashTests {
  private static let cluster = ClusterID(high: 3, low: 4)
  private static let end = LogID(term: 1, node: 2, index: 3)

  private static func open(_ disk: SimulatedFileSystem) async throws -> FileStore {
    try await FileStore.open(directory: "/raft", node: 1, fileSystem: disk)
  }

  /// Makes the store that of a voter among three, with three commands.
  private static func fill(_ store: any LogStore) async throws {
    _ = try await store.load()
    let none = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    let founder = LeaderID(term: 0, node: 2)
    let leader = LeaderID(term: 1, node: 2)
    let membership = try Membership(
      voters: ([1, 2, 3] as [NodeID]).map(TestCluster.member), terms: .init(cluster: self.cluster))
    _ = store.adopt(self.cluster, completion: none)
    _ = store.save(Vote(leader: leader, isCommitted: true), completion: none)
    let founding = EntryRun(
      leader: founder, first: 0, count: 1, byteCount: 0, kind: .membership, timestamp: .epoch,
      membership: membership)
    _ = store.append(EntrySlice(EntryChunk(emptyPayloads: founding)), completion: none)
    let commands = EntryRun(
      leader: leader, first: 1, count: 3, byteCount: 3, kind: .command, timestamp: .epoch)
    _ = store.append(
      EntrySlice(EntryChunk(run: commands, bytes: [7, 8, 9], ends: [1, 2, 3])), completion: none)
  }

  /// The disk of such a voter.
  private static func disk() async throws -> SimulatedFileSystem {
    let disk = SimulatedFileSystem()
    let store = try await self.open(disk)
    try await Self.fill(store.log)
    await store.close()
    return disk
  }

  private static func recover(_ disk: SimulatedFileSystem) async throws {
    let store = try await self.open(disk)
    do {
      let recovery = try await UnsafeRecovery.examine(
        1, logStore: store.log, snapshotStore: store.snapshots)
      #expect(recovery.lastLogID == self.end)
      try await recovery.perform(
        acknowledging: .everythingAfterMayBeLost(self.end), reason: "a test")
    } catch {
      await store.close()
      throw error
    }
  }

  /// Whether the node is alone; then it must be in the next generation.
  private static func isAlone(_ disk: SimulatedFileSystem) async throws -> Bool {
    let store = try await self.open(disk)
    let stored = try await store.log.load()
    let first = (stored.purged?.index.next) ?? 0
    let last = try #require(stored.last)
    let slices = try await store.log.entries(from: first, through: last.index, byteLimit: 1 << 20)
    await store.close()
    let memberships = slices.compactMap(\.run.membership)
    let generation = try #require(stored.cluster).generation
    guard memberships.count > 1 else {
      #expect(stored.last == self.end)
      return false
    }
    #expect(memberships.last?.voters == [1])
    #expect(generation >= 1)
    #expect(memberships.last?.terms.cluster?.generation == generation)
    #expect(stored.vote?.leader == last.leader)
    return true
  }

  @Test(
    "The generation is written first, and the node is never alone in the old one",
    arguments: [0, 1, 2])
  func order(writes: Int) async throws {
    let base = MemoryLogStore()
    try await Self.fill(base)
    let failing = FailingLogStore(base, after: writes)
    let recovery = try await UnsafeRecovery.examine(
      1, logStore: failing, snapshotStore: MemorySnapshotStore())
    await #expect(throws: UnsafeRecoveryError.storage(FailingLogStore.error)) {
      try await recovery.perform(
        acknowledging: .everythingAfterMayBeLost(Self.end), reason: "a test")
    }
    let stored = try await base.load()
    #expect(stored.cluster?.generation == (writes > 0 ? 1 : 0))
    #expect(stored.vote?.leader == LeaderID(term: writes > 1 ? 2 : 1, node: writes > 1 ? 1 : 2))
    #expect(stored.last == Self.end)
  }

  @Test("Before each file operation: the node is alone in a new generation, or not alone")
  func everywhere() async throws {
    let base = try await Self.disk()
    let whole = base.copy()
    try await Self.recover(whole)
    #expect(try await Self.isAlone(whole))
    let operations = (base.operationCount + 1)...whole.operationCount
    #expect(operations.count > 3)
    for operation in operations {
      for mode in [CrashMode.dropUnsynced, .keepAll] {
        let disk = base.copy()
        disk.crashBefore(operation: operation)
        var isDone = true
        do { try await Self.recover(disk) } catch { isDone = false }
        disk.crash(mode)
        let isAlone = try await Self.isAlone(disk)
        #expect(isAlone || !isDone, "operation \(operation), \(mode): reported and lost")
        guard !isAlone else { continue }
        try await Self.recover(disk)
        #expect(try await Self.isAlone(disk))
      }
    }
  }
}

/// A log store that takes so many writes, and fails at the next.
private final class FailingLogStore: LogStore {
  static let error = StorageError(.io, "injected")

  private let base: any LogStore
  private let rest: Guarded<Int>

  init(_ base: any LogStore, after count: Int) {
    self.base = base
    self.rest = Guarded(count)
  }

  private func write(
    _ completion: IOCompletion, _ body: (IOCompletion) -> Durability
  ) -> Durability {
    let isTaken = self.rest.withLock { rest in
      rest -= 1
      return rest >= 0
    }
    guard isTaken else {
      completion.failed(Self.error)
      return .pending
    }
    return body(completion)
  }

  func load() async throws(StorageError) -> StoredLog { try await self.base.load() }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.adopt(cluster, completion: $0) }
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.save(vote, completion: $0) }
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.append(entries, completion: $0) }
  }

  func truncate(after last: LogID?) { self.base.truncate(after: last) }

  func purge(through logID: LogID) { self.base.purge(through: logID) }

  func note(committed: LogID) { self.base.note(committed: committed) }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    try await self.base.entries(from: first, through: last, byteLimit: byteLimit)
  }

  func close() async { await self.base.close() }
}
