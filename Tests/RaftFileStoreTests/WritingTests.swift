import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("The log's thread writes together what arrives together")
struct WritingTests {
  private static let segment = "/data/node/log/00000000000000000001.log"

  @Test("A hundred appends that arrive during a sync share one sync and one report")
  func commitsInGroups() async throws {
    let disk = GatedFileSystem(base: SimulatedFileSystem(journal: .nothing))
    let open = try await OpenStore.open(disk)
    let log = open.store.log
    let step = Step.append(term: 1, sizes: [16])
    let slices = (0...100).compactMap { step.slice(from: LogIndex(UInt64($0))) }
    let (reports, report) = AsyncStream.makeStream(of: UInt64.self)
    let before = (syncs: disk.syncs.count, writes: disk.writes.count)
    func append(_ number: Int) {
      let io = IOID(sequence: UInt64(number), vote: .initial, logID: nil)
      let completion = IOCompletion(io: io) { io, error in
        #expect(error == nil)
        report.yield(io.sequence)
      }
      #expect(log.append(slices[number], completion: completion) == .pending)
    }
    disk.syncs.shut()
    append(0)
    await disk.syncs.arrival(before.syncs + 1)
    for number in 1...100 { append(number) }
    disk.syncs.open()
    var seen: [UInt64] = []
    for await sequence in reports {
      seen.append(sequence)
      if sequence == 100 { break }
    }
    #expect(seen == [0, 100])
    #expect(disk.syncs.count - before.syncs == 2)
    #expect(disk.writes.count - before.writes == 2)
    await open.store.close()
  }

  @Test("What waits for the disk can be read at once")
  func readsWhatWaits() async throws {
    let disk = GatedFileSystem(base: SimulatedFileSystem(journal: .nothing))
    let open = try await OpenStore.open(disk, tailSize: 1)
    let log = open.store.log
    let step = Step.append(term: 1, sizes: [16, 17, 18])
    let ignored = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    let slice = try #require(step.slice(from: 0))
    let syncs = disk.syncs.count
    disk.syncs.shut()
    _ = log.append(slice, completion: ignored)
    await disk.syncs.arrival(syncs + 1)
    let found = try await log.entries(from: 1, through: 9, byteLimit: 1 << 10)
    #expect(found.flatMap(StoreModel.items) == Array(StoreModel.items(slice)[1...]))
    disk.syncs.open()
    await open.store.close()
  }

  @Test("A watermark alone writes nothing, rides along with the next write, and is kept by a close")
  func notesLazily() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(disk)
    let log = open.store.log
    let append = Step.append(term: 1, sizes: [1, 1, 1])
    try await open.take(append, next: 0, after: StoreModel())
    let writes = disk.writes.count
    log.note(committed: LogID(term: 1, node: 1, index: 0))
    #expect(disk.writes.count == writes)
    try await open.take(.vote(2), next: 3, after: StoreModel())
    #expect(disk.writes.count == writes + 1)
    let left = base.copy()
    log.note(committed: LogID(term: 1, node: 1, index: 2))
    await open.store.close()
    let crashed = try await OpenStore.open(left)
    #expect(crashed.loaded.committed == LogID(term: 1, node: 1, index: 0))
    await crashed.store.close()
    let closed = try await OpenStore.open(base)
    #expect(closed.loaded.committed == LogID(term: 1, node: 1, index: 2))
    await closed.store.close()
  }

  @Test("When nothing more is written, a seal vouches for the last write")
  func sealsWhenIdle() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(disk, sealDelay: .milliseconds(1))
    let slice = try #require(Step.append(term: 1, sizes: [30]).slice(from: 0))
    let ignored = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    let writes = disk.writes.count
    _ = open.store.log.append(slice, completion: ignored)
    await disk.writes.arrival(writes + 2)
    let left = base.copy()
    left.crash(.keepAll)
    let size = try #require(try left.status(of: Self.segment)).size
    try left.open(Self.segment, .readWrite).sync()
    // In the payload before the seal of 64 bytes.
    try left.flip(bit: 3, at: size - 64 - 10, in: Self.segment)
    await #expect {
      _ = try await OpenStore.open(left)
    } throws: {
      ($0 as? StorageError)?.kind == .corrupted
    }
    await open.store.close()
  }

  @Test("A segment that ends with a seal is synced before the next one vouches for it")
  func syncsSealBeforeRolling() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(disk, segmentSize: 200, sealDelay: .milliseconds(1))
    let first = try #require(Step.append(term: 1, sizes: [100]).slice(from: 0))
    let second = try #require(Step.append(term: 1, sizes: [10]).slice(from: 1))
    let writes = disk.writes.count
    try await open.flush { open.store.log.append(first, completion: $0) }
    await disk.writes.arrival(writes + 2)
    try await open.flush { open.store.log.append(second, completion: $0) }
    base.crash(.dropUnsynced)
    await open.store.close()
    let again = try await OpenStore.open(base)
    #expect(again.loaded.last == LogID(term: 1, node: 1, index: 1))
    await again.store.close()
  }

  @Test("A write of several megabytes is kept in parts, and read in pieces")
  func cutsLargeWrites() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, tailSize: 1)
    let chunk = EntryChunk(
      run: EntryRun(
        leader: LeaderID(term: 1, node: 1), first: 0, count: 9, byteCount: 9 * 500_000,
        kind: .command, timestamp: .epoch),
      bytes: (0..<9).flatMap { [UInt8](repeating: UInt8($0 + 1), count: 500_000) },
      ends: (1...9).map { UInt32($0 * 500_000) })
    try await open.flush { open.store.log.append(EntrySlice(chunk), completion: $0) }
    var next: LogIndex = 0
    var calls = 0
    while next < 9 {
      let slices = try await open.store.log.entries(from: next, through: 8, byteLimit: 600_000)
      for slice in slices {
        #expect(slice.first == next)
        for index in slice.first...slice.last {
          let payload = slice.payload(at: index)
          #expect(payload.count == 500_000)
          #expect(payload.first == UInt8(index.rawValue + 1))
        }
        next = slice.last.next
      }
      calls += 1
    }
    #expect(calls == 9)
    await open.store.close()
  }

  @Test("One thread appends and cuts while others read")
  func readsWhileWriting() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 20_000, tailSize: 1000)
    let log = open.store.log
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        var next: LogIndex = 0
        for round in 1...300 {
          let step = Step.append(term: UInt64(round), sizes: [50, 50, 50])
          guard let slice = step.slice(from: next) else { continue }
          let term = UInt64(round)
          if round % 50 == 0 {
            try await open.flush { log.append(slice, completion: $0) }
            log.purge(through: LogID(term: Term(term), node: 1, index: slice.first))
          } else {
            let io = IOID(sequence: term, vote: .initial, logID: nil)
            _ = log.append(slice, completion: IOCompletion(io: io) { _, _ in })
          }
          next = slice.last.next
          if round % 7 == 0 {
            log.truncate(after: LogID(term: Term(term), node: 1, index: slice.first))
            next = slice.first.next
          }
        }
        return 0
      }
      for reader in 0..<3 {
        group.addTask {
          var found = 0
          for round in 0..<300 {
            let first = LogIndex(UInt64(round * (reader + 1)))
            do throws(StorageError) {
              let slices = try await log.entries(from: first, through: first + 20, byteLimit: 400)
              #expect(slices.first?.first == first)
              found += slices.count
            } catch {
              #expect(error.kind == .missing)
            }
          }
          return found
        }
      }
      for try await _ in group {}
    }
    await open.store.close()
  }
}
