import Raft
import RaftCodec
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("The files of a log are set aside, used again, and passed over at a start")
struct SegmentTests {
  private static let log = "/data/node/log"

  /// Appends so many entries of 100 bytes, each by itself, and purges all but the last few.
  private static func fill(
    _ open: OpenStore, from model: StoreModel, count: Int, keeping kept: UInt64?
  ) async throws -> StoreModel {
    var model = model
    for _ in 0..<count {
      let step = Step.append(term: 1, sizes: [100])
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
      guard let kept, let last = model.last?.index.rawValue, last > kept, last % 4 == 0 else {
        continue
      }
      let purge = Step.purge(through: LogID(term: 1, node: 1, index: LogIndex(last - kept)))
      try await open.take(purge, next: model.next, after: model)
      model = model.after(purge)
    }
    return model
  }

  @Test("Purged files are written over: a log that is purged as it grows takes no more space")
  func recycles() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 4096, allocation: .prewritten)
    var model = try await Self.fill(open, from: StoreModel(), count: 200, keeping: 20)
    let before = try disk.names(in: Self.log)
    let created = disk.journal.count
    model = try await Self.fill(open, from: model, count: 400, keeping: 20)
    let after = try disk.names(in: Self.log)
    #expect(before.count == after.count)
    #expect(after.filter { $0.hasSuffix(".spare") }.count <= 2)
    #expect(disk.journal.count > created)
    await open.store.close()
    let again = try await OpenStore.open(disk, segmentSize: 4096, allocation: .prewritten)
    #expect(try await again.contents() == model)
    await again.store.close()
    let grown = try await OpenStore.open(disk, segmentSize: 4096, allocation: .asWritten)
    #expect(try await grown.contents() == model)
    #expect(try disk.names(in: Self.log).allSatisfy { $0.hasSuffix(".log") })
    await grown.store.close()
  }

  @Test("A segment that is read while it is purged is not written over")
  func sparesReaders() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(
      disk, segmentSize: 4096, allocation: .prewritten, tailSize: 1)
    let model = try await Self.fill(open, from: StoreModel(), count: 30, keeping: nil)
    let log = open.store.log
    let reads = disk.reads.count
    disk.reads.shut()
    async let slices = log.entries(from: 0, through: 9, byteLimit: 1 << 20)
    await disk.reads.arrival(reads + 1)
    try await open.take(
      .purge(through: LogID(term: 1, node: 1, index: 28)), next: model.next, after: model)
    // The first report tells that the purge is durable; what follows it was done when the second
    // write began.
    try await open.take(.vote(2), next: model.next, after: model)
    try await open.take(.vote(3), next: model.next, after: model)
    let names = try base.names(in: Self.log)
    #expect(!names.contains("00000000000000000001.log"))
    #expect(!names.contains("00000000000000000001.spare"), "\(names)")
    disk.reads.open()
    #expect(try await slices.flatMap(StoreModel.items) == Array(model.entries[...9]))
    await open.store.close()
  }

  @Test("A start reads the newest file, and of the others what they say of themselves")
  func startsQuickly() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 8192, allocation: .prewritten)
    let model = try await Self.fill(open, from: StoreModel(), count: 1000, keeping: nil)
    await open.store.close()
    let segments = try disk.names(in: Self.log).count
    #expect(segments > 20)
    let counted = CountedReads(base: disk)
    let again = try await OpenStore.open(counted, segmentSize: 8192, allocation: .prewritten)
    #expect(again.loaded.last == model.last)
    // For each older file: the header, and the index with some bytes that follow it.
    #expect(counted.byteCount < 2 * 8192 + segments * 1024, "\(counted.byteCount) bytes")
    #expect(try await again.contents() == model)
    await again.store.close()
  }

  @Test("A node learns from the indexes who wrote what, and reads no more than it must")
  func outlinesQuickly() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 8192, allocation: .prewritten)
    let model = try await Self.fill(open, from: StoreModel(), count: 1000, keeping: nil)
    await open.store.close()
    let segments = try disk.names(in: Self.log).count
    let counted = CountedReads(base: disk)
    let again = try await OpenStore.open(counted, segmentSize: 8192, allocation: .prewritten)
    let last = try #require(model.last)
    let before = counted.byteCount
    let outline = try await again.store.log.outline(from: 0, through: last.index)
    // For each older file the index with some bytes that follow it, and a stretch of the newest.
    #expect(
      counted.byteCount - before < segments * 3072 + 4 * 8192, "\(counted.byteCount - before)")
    #expect(outline.stretches.map(\.last) == [last.index])
    #expect(outline.stretches.map(\.leader) == [last.leader])
    #expect(outline.kinds == [.command])
    await again.store.close()
  }

  @Test("The outline of a log of the first version is that of its entries")
  func outlinesFirstVersion() async throws {
    let disk = try FixtureTests.disk("version-1")
    let open = try await OpenStore.open(disk, segmentSize: 700)
    let entries = FixtureTests.model.entries.map(\.logID)
    let first = try #require(entries.first)
    let last = try #require(entries.last)
    let outline = try await open.store.log.outline(from: first.index, through: last.index)
    let found = outline.stretches.flatMap { stretch in
      (stretch.first.rawValue...stretch.last.rawValue).map {
        LogID(leader: stretch.leader, index: LogIndex($0))
      }
    }
    #expect(found == entries)
    await open.store.close()
  }

  @Test("Entries are found in long files too, wherever they were cut off and written anew")
  func findsEntries() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    var model = StoreModel()
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var chance = SmallRandom(state: seed)
    let open = try await OpenStore.open(
      disk, segmentSize: 1 << 20, allocation: .prewritten, tailSize: 1)
    for round in 1...400 {
      if round % 3 == 0, let last = model.last?.index.rawValue {
        let cut = Step.truncate(after: LogIndex(last - min(last, chance.next(below: 12))))
        try await open.take(cut, next: model.next, after: model)
        model = model.after(cut)
      }
      let sizes = (0...chance.next(below: 6)).map { _ in Int(chance.next(below: 2500)) }
      let step = Step.append(term: UInt64(round), sizes: sizes)
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    try await self.expectReads(open, model, &chance, seed)
    await open.store.close()
    #expect(try disk.names(in: Self.log).count >= 2)
    let again = try await OpenStore.open(disk, segmentSize: 1 << 20, tailSize: 1)
    try await self.expectReads(again, model, &chance, seed)
    #expect(try await again.contents() == model)
    await again.store.close()
  }

  private func expectReads(
    _ open: OpenStore, _ model: StoreModel, _ chance: inout SmallRandom, _ seed: UInt64
  ) async throws {
    for _ in 0..<200 {
      let first = Int(chance.next(below: UInt64(model.entries.count)))
      let last = min(model.entries.count - 1, first + Int(chance.next(below: 60)))
      let limit = Int(chance.next(below: 30_000))
      let found = try await open.store.log.entries(
        from: LogIndex(UInt64(first)), through: LogIndex(UInt64(last)), byteLimit: limit
      ).flatMap(StoreModel.items)
      #expect(!found.isEmpty && found.count <= last - first + 1, "seed \(seed)")
      #expect(found == Array(model.entries[first..<(first + found.count)]), "seed \(seed)")
      let size = found.reduce(0) { $0 + $1.payload.count }
      #expect(size <= limit || found.count == 1, "seed \(seed)")
    }
  }

  @Test("A full disk is found before anything of a write is on it")
  func findsFullDiskEarly() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 4096, allocation: .prewritten)
    var model = StoreModel()
    // The rest of the directory takes less than the half of a file.
    disk.capacity = 4096 + 2048
    var failure: StorageError?
    for _ in 0..<60 {
      let step = Step.append(term: 1, sizes: [300])
      do throws(StorageError) {
        try await open.take(step, next: model.next, after: model)
        model = model.after(step)
      } catch {
        failure = error
        break
      }
    }
    #expect(failure?.kind == .full)
    #expect(model.entries.count >= 5)
    await open.store.close()
    disk.crash(.keepAll)
    disk.capacity = nil
    let again = try await OpenStore.open(disk, segmentSize: 4096, allocation: .prewritten)
    #expect(try await again.contents() == model)
    let step = Step.append(term: 1, sizes: [300])
    try await again.take(step, next: model.next, after: model)
    await again.store.close()
  }
}

/// A generator that is quick and small, of one number.
struct SmallRandom {
  var state: UInt64

  mutating func next(below limit: UInt64) -> UInt64 {
    self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (self.state >> 33) % limit
  }
}
