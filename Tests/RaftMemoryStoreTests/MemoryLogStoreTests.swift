import Raft
import RaftConcurrency
import RaftMemoryStore
import Testing

@Suite("The log store in memory")
struct MemoryLogStoreTests {
  private let leader = LeaderID(term: 1, node: 1)

  /// Commands with payloads of these lengths.
  private func chunk(from first: LogIndex, byteCounts: [Int]) -> EntryChunk {
    let bytes = byteCounts.reduce(0, +)
    var end: UInt32 = 0
    let ends = byteCounts.map { byteCount in
      end += UInt32(byteCount)
      return end
    }
    return EntryChunk(
      run: EntryRun(
        leader: self.leader, first: first, count: byteCounts.count, byteCount: bytes,
        kind: .command, timestamp: .epoch),
      bytes: Array(repeating: 7, count: bytes), ends: ends)
  }

  private func completion(
    _ report: @escaping @Sendable (StorageError?) -> Void = { _ in }
  ) -> IOCompletion {
    IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, error in report(error) }
  }

  @Test("A read gives back the chunks that were appended, not copies")
  func sharesChunks() async throws {
    let store = MemoryLogStore()
    let chunks = [
      self.chunk(from: 0, byteCounts: [10, 10]), self.chunk(from: 2, byteCounts: [10, 10]),
    ]
    for chunk in chunks {
      #expect(store.append(EntrySlice(chunk), completion: self.completion()) == .flushed)
    }
    store.truncate(after: LogID(leader: self.leader, index: 2))
    store.purge(through: LogID(leader: self.leader, index: 0))
    let slices = try await store.entries(from: 1, through: 9, byteLimit: 100)
    #expect(slices.map(\.offsets) == [1..<2, 0..<1])
    #expect(zip(slices, chunks).allSatisfy { $0.chunk === $1 })
  }

  @Test(
    "A limited read ends before the entry that would exceed the limit",
    arguments: [(0, 1), (9, 1), (10, 1), (29, 1), (30, 2), (59, 2), (60, 3), (100, 4), (159, 5)])
  func readsUpToLimit(_ byteLimit: Int, _ count: Int) async throws {
    let store = MemoryLogStore()
    for chunk in [
      self.chunk(from: 0, byteCounts: [10, 20, 30]), self.chunk(from: 3, byteCounts: [40, 50, 60]),
    ] {
      _ = store.append(EntrySlice(chunk), completion: self.completion())
    }
    let slices = try await store.entries(from: 0, through: 5, byteLimit: byteLimit)
    #expect(slices.reduce(0) { $0 + $1.count } == count)
  }

  @Test("Purged and truncated chunks are freed at once")
  func freesChunks() {
    let store = MemoryLogStore()
    weak var first: EntryChunk?
    weak var last: EntryChunk?
    for index in LogIndex(0)..<100 {
      let chunk = self.chunk(from: index, byteCounts: [1])
      if index == 0 { first = chunk }
      if index == 99 { last = chunk }
      _ = store.append(EntrySlice(chunk), completion: self.completion())
    }
    #expect(first != nil && last != nil)
    store.purge(through: LogID(leader: self.leader, index: 0))
    store.truncate(after: LogID(leader: self.leader, index: 98))
    #expect(first == nil && last == nil)
  }

  @Test("A purge behind the purged position changes nothing")
  func purgesForwardOnly() async throws {
    let store = MemoryLogStore()
    _ = store.append(
      EntrySlice(self.chunk(from: 0, byteCounts: [1, 1, 1])), completion: self.completion())
    store.purge(through: LogID(leader: self.leader, index: 1))
    store.purge(through: LogID(leader: self.leader, index: 0))
    let stored = try await store.load()
    #expect(stored.purged == LogID(leader: self.leader, index: 1))
    #expect(stored.last == LogID(leader: self.leader, index: 2))
  }

  @Test("The incarnation may be given")
  func takesIncarnation() async throws {
    let stored = try await MemoryLogStore(incarnation: Incarnation(42)).load()
    #expect(stored == StoredLog(incarnation: Incarnation(42)))
  }

  @Test("A closed store refuses writes and reads, and goes on where it was once it is loaded")
  func refusesWhenClosed() async throws {
    let store = MemoryLogStore()
    _ = store.save(Vote(leader: self.leader, isCommitted: true), completion: self.completion())
    _ = store.append(
      EntrySlice(self.chunk(from: 0, byteCounts: [1, 1])), completion: self.completion())
    let before = try await store.load()
    await store.close()

    let kinds = Guarded<[StorageError.Kind?]>([])
    let completion = self.completion { error in kinds.withLock { $0.append(error?.kind) } }
    #expect(store.save(.initial, completion: completion) == .pending)
    #expect(store.adopt(ClusterID(high: 1, low: 1), completion: completion) == .pending)
    let more = EntrySlice(self.chunk(from: 2, byteCounts: [1]))
    #expect(store.append(more, completion: completion) == .pending)
    #expect(kinds.withLock { $0 } == [.closed, .closed, .closed])
    store.truncate(after: nil)
    store.purge(through: LogID(leader: self.leader, index: 1))
    store.note(committed: LogID(leader: self.leader, index: 1))
    let error = await #expect(throws: StorageError.self) {
      try await store.entries(from: 0, through: 0, byteLimit: 1)
    }
    #expect(error?.kind == .closed)
    #expect(try await store.load() == before)
  }

  @Test("The error for a missing entry says what is there")
  func explainsMissing() async throws {
    let store = MemoryLogStore()
    func message(_ index: LogIndex) async -> String? {
      await #expect(throws: StorageError.self) {
        _ = try await store.entries(from: index, through: index, byteLimit: 1)
      }?.message
    }
    #expect(
      await message(0) == "entry 0 is not in the log: the log is empty and continues at 0")
    _ = store.append(
      EntrySlice(self.chunk(from: 0, byteCounts: [1, 1, 1])), completion: self.completion())
    store.purge(through: LogID(leader: self.leader, index: 0))
    #expect(await message(0) == "entry 0 is not in the log: the log holds entries 1 to 2")
  }

  @Test("An append that leaves a gap stops the process")
  func refusesGap() async {
    await #expect(processExitsWith: .failure) {
      let run = EntryRun(
        leader: LeaderID(term: 1, node: 1), first: 5, count: 1, byteCount: 0, kind: .blank,
        timestamp: .epoch)
      _ = MemoryLogStore().append(
        EntrySlice(EntryChunk(emptyPayloads: run)),
        completion: IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in })
    }
  }
}
