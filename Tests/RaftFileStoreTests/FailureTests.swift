import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("A log that failed to write never reports success again")
struct FailureTests {
  private static let segment = "/data/node/log/00000000000000000001.log"

  /// How a write of this step ends.
  private static func failure(
    of step: Step, next: LogIndex, on open: OpenStore
  ) async -> StorageError? {
    do throws(StorageError) {
      try await open.take(step, next: next, after: StoreModel())
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "After a failed write or sync every later call fails, and a restart finds the acknowledged",
    arguments: [FileOperation.write, .sync])
  func latches(_ operation: FileOperation) async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    #expect(await Self.failure(of: .append(term: 1, sizes: [8]), next: 0, on: open) == nil)
    disk.failNext(operation)
    let first = await Self.failure(of: .append(term: 1, sizes: [9]), next: 1, on: open)
    #expect(first?.kind == .io)
    let second = await Self.failure(of: .vote(3), next: 2, on: open)
    #expect(second?.kind == .closed)
    #expect(second?.message.contains(first?.message ?? "?") == true)
    #expect(await Self.failure(of: .append(term: 1, sizes: [9]), next: 2, on: open) != nil)
    await open.store.close()
    disk.crash(.dropUnsynced)
    let again = try await OpenStore.open(disk)
    #expect(again.loaded.vote == nil)
    #expect(again.loaded.last == LogID(term: 1, node: 1, index: 0))
    await again.store.close()
  }

  // With large segments the sync of a batch fails, with small ones that of a new segment.
  @Test(
    "What a failed sync left readable is durable once a restart has loaded it",
    arguments: [(FileOperation.sync, 1 << 20), (.sync, 500), (.syncDirectory, 500)])
  func survivesFailedSync(_ operation: FileOperation, segmentSize: Int) async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: segmentSize)
    var next: LogIndex = 0
    let step = Step.append(term: 1, sizes: [100])
    while await Self.failure(of: step, next: next, on: open) == nil {
      next = next.next
      if next == 2 { disk.failNext(operation) }
    }
    await open.store.close()
    disk.crash(.keepAll)
    let again = try await OpenStore.open(disk, segmentSize: segmentSize)
    let found = try await again.contents()
    #expect(found.next >= next)
    #expect(await Self.failure(of: step, next: found.next, on: again) == nil)
    await again.store.close()
    disk.crash(.dropUnsynced)
    let last = try await OpenStore.open(disk, segmentSize: segmentSize)
    #expect(try await last.contents() == found.after(step))
    await last.store.close()
  }

  // The names are on the disk as before, though nobody sees them; a power cut shows them again.
  @Test("A file whose name is taken away in vain is not written over, not even by a later process")
  func keepsFilesWhoseNamesMayReturn() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 1000, allocation: .prewritten)
    var model = StoreModel()
    func take(_ step: Step, on open: OpenStore) async throws {
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    for _ in 0..<8 { try await take(.append(term: 1, sizes: [300]), on: open) }
    disk.failNext(.syncDirectory, on: "/data/node/log")
    try await take(.purge(through: LogID(term: 1, node: 1, index: 5)), on: open)
    await open.store.close()
    disk.crash(.keepAll)
    let again = try await OpenStore.open(disk, segmentSize: 1000, allocation: .prewritten)
    #expect(try await again.contents() == model)
    for _ in 0..<6 { try await take(.append(term: 1, sizes: [300]), on: again) }
    await again.store.close()
    disk.crash(.dropUnsynced)
    let last = try await OpenStore.open(disk, segmentSize: 1000, allocation: .prewritten)
    #expect(try await last.contents() == model)
    await last.store.close()
  }

  @Test("A full disk is told from a broken one, and what was acknowledged is there after it")
  func reportsFullDisk() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    #expect(await Self.failure(of: .append(term: 1, sizes: [8]), next: 0, on: open) == nil)
    disk.capacity = 1200
    let error = await Self.failure(of: .append(term: 1, sizes: [2000]), next: 1, on: open)
    #expect(error?.kind == .full)
    #expect(await Self.failure(of: .vote(1), next: 2, on: open) != nil)
    await open.store.close()
    disk.crash(.keepAll)
    disk.capacity = nil
    let again = try await OpenStore.open(disk)
    #expect(again.loaded.last == LogID(term: 1, node: 1, index: 0))
    await again.store.close()
  }

  @Test("No write is acknowledged before the sync that covers it")
  func acknowledgesAfterSync() async throws {
    let disk = SimulatedFileSystem()
    let open = try await OpenStore.open(disk, segmentSize: 600)
    var model = StoreModel()
    var marks = [try #require(disk.journal.count as Int?)]
    for number in 0..<40 {
      let step =
        number % 5 == 4 ? Step.vote(UInt64(number)) : .append(term: 1, sizes: [30, number])
      try await open.take(step, next: model.next, after: model) { _ in
        disk.note("ack \(number)")
      }
      model = model.after(step)
      marks.append(try #require(disk.journal.sequence(ofNote: "ack \(number)")))
    }
    await open.store.close()
    let journal = disk.journal
    var judged = 0
    for (before, acknowledged) in zip(marks, marks.dropFirst()) {
      for event in journal.events where event.sequence > before && event.sequence < acknowledged {
        guard case .wrote(let path, let range) = event.action, path.contains("/log/") else {
          continue
        }
        let name = path.hasSuffix(".new") ? String(path.dropLast(4)) : path
        let coverage = journal.coverage(of: range, in: name, before: acknowledged)
        #expect(coverage == .covered, "\(event)")
        judged += 1
      }
    }
    #expect(judged >= 40)
  }

  @Test("Before it is loaded and after it is closed, a log refuses every use")
  func refusesOutOfTurn() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let store = try await FileStore.open(directory: "/data/node", node: 7, fileSystem: disk)
    let early = OpenStore(store: store, loaded: StoredLog(incarnation: store.incarnation))
    #expect(await Self.failure(of: .vote(1), next: 0, on: early)?.kind == .closed)
    _ = try await store.log.load()
    #expect(await Self.failure(of: .vote(1), next: 0, on: early) == nil)
    let snapshot = SnapshotMeta(
      lastLogID: LogID(term: 1, node: 1, index: 0), membership: .none)
    await store.close()
    await store.close()
    #expect(await Self.failure(of: .vote(2), next: 0, on: early)?.kind == .closed)
    await #expect(throws: StorageError.self) {
      try await store.log.entries(from: 0, through: 0, byteLimit: 1)
    }
    await #expect(throws: StorageError.self) { try await store.snapshots.begin(snapshot) }
  }
}
