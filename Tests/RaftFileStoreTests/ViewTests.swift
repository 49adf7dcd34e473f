import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("A directory can be looked at without being changed")
struct ViewTests {
  private static let log = "/data/node/log/"

  /// A disk with a closed store that holds the model.
  private static func disk(
    after steps: [Step], segmentSize: Int = 700, allocation: SegmentAllocation = .asWritten
  ) async throws -> (SimulatedFileSystem, StoreModel) {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: segmentSize, allocation: allocation)
    var model = StoreModel()
    for step in steps {
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    await open.store.close()
    return (disk, model)
  }

  /// What a view of the directory shows, as a model.
  private static func contents(_ view: FileStoreView) throws -> StoreModel {
    let log = view.log
    var model = StoreModel(
      cluster: log.cluster, vote: log.vote, purged: log.purged, committed: log.committed)
    model.snapshot = try view.snapshots().compactMap(\.meta?.lastLogID).max()
    while let entries = log.entries, model.next <= entries.upperBound {
      // A few bytes at a time: several reads a file.
      let slices = try view.entries(
        from: model.next, through: entries.upperBound, byteLimit: 100)
      for slice in slices { model.entries += StoreModel.items(slice) }
    }
    return model
  }

  @Test("Directories of all versions show what they hold", arguments: FixtureTests.names)
  func showsFixtures(_ name: String) throws {
    let disk = try FixtureTests.disk(name)
    let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    #expect(view.log.damage == [])
    #expect(view.log.node == 7)
    #expect(try Self.contents(view) == FixtureTests.model)
    #expect(view.log.segments.last?.use == .active)
    #expect(view.log.segments.allSatisfy { $0.version == (name == "version-1" ? 1 : 2) })
    let verified = try view.verifyLog()
    #expect(verified.damage == [])
    #expect(verified.segments.map(\.entries) == view.log.segments.map(\.entries))
    #expect(verified.last == view.log.last)
    #expect(try view.snapshots(.everything).allSatisfy { $0.damage == nil })
  }

  @Test("Nothing is written: no lock, no mended end, no removed leftovers")
  func writesNothing() async throws {
    let (closed, model) = try await Self.disk(after: FixtureTests.steps, allocation: .prewritten)
    let open = try await OpenStore.open(closed, segmentSize: 4000, allocation: .prewritten)
    let step = Step.append(term: 4, sizes: [300])
    let end = try Self.end(of: closed.copy())
    try await open.take(step, next: model.next, after: model)
    // The end of the last write never reached the disk.
    let disk = closed.copy()
    await open.store.close()
    let active = Self.log + (try disk.names(in: Self.log).last { $0.hasSuffix(".log") } ?? "")
    let file = try disk.open(active, .readWrite)
    try file.write([UInt8](repeating: 0, count: 100), at: end + 200)
    file.close()
    try disk.replaceFile(at: Self.log + "00000000000000000099.log.new", with: [1, 2])
    try disk.replaceFile(at: "/data/node/snapshots/00000000000000000009.snapshot.new", with: [1])
    let before = disk.operationCount
    do {
      let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
      #expect(try Self.contents(view) == model)
      let verified = try view.verifyLog()
      #expect(verified.damage == [])
      let last = try #require(verified.segments.last { $0.use == .active })
      #expect(last.recordsEnd == end)
      #expect(try #require(last.unfinishedEnd) > end)
      #expect(verified.segments.last?.use == .unfinished)
      #expect(try view.snapshots(.everything).last?.meta == nil)
    }
    #expect(disk.operationCount == before)
  }

  private static func end(of disk: SimulatedFileSystem) throws -> Int {
    let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    return try #require(view.log.segments.last { $0.use == .active }?.recordsEnd)
  }

  @Test("A directory in use is refused with its process, and one that is looked at is not opened")
  func excludesNodes() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk)
    #expect {
      try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    } throws: {
      ($0 as? StorageError)?.kind == .locked && "\($0)".contains("process \(disk.processID)")
    }
    await open.store.close()
    let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    let second = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    await #expect {
      try await OpenStore.open(disk)
    } throws: {
      ($0 as? StorageError)?.kind == .locked
    }
    view.close()
    second.close()
    second.close()
    await (try OpenStore.open(disk)).store.close()
  }

  @Test("Where nothing is, that is said, and nothing is made")
  func refusesNothing() throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    #expect {
      try FileStoreView.open(directory: "/data/none", fileSystem: disk)
    } throws: {
      ($0 as? StorageError)?.kind == .missing
    }
    #expect(try disk.status(of: "/data") == nil)
  }

  @Test("The newest membership is shown that is still part of the log")
  func showsMembership() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 700)
    var model = StoreModel()
    var positions: [LogID] = []
    for round in 1...6 {
      let run = EntryRun(
        leader: LeaderID(term: Term(UInt64(round)), node: 1), first: model.next, count: 1,
        byteCount: 0, kind: .membership, timestamp: .epoch,
        membership: try Membership(
          voters: (1...round).map { Member(id: NodeID(UInt64($0)), address: "") }))
      let slice = EntrySlice(EntryChunk(emptyPayloads: run))
      try await open.flush { open.store.log.append(slice, completion: $0) }
      model.entries += StoreModel.items(slice)
      positions.append(run.lastLogID)
      let step = Step.append(term: UInt64(round), sizes: [300])
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    // The last membership is cut off again.
    let cut = Step.truncate(after: positions[4].index)
    try await open.take(cut, next: model.next, after: model)
    model = model.after(cut)
    try await open.take(.append(term: 9, sizes: [400]), next: model.next, after: model)
    await open.store.close()
    for depth in [InspectionDepth.summary, .everything] {
      let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
      let log = depth == .summary ? view.log : try view.verifyLog()
      #expect(log.membership?.logID == positions[4])
      #expect(log.membership?.membership?.voters == [1, 2, 3, 4, 5])
    }
  }

  @Test("Damage is told with its file, its place, the entry before it, and what is lost")
  func tellsDamage() async throws {
    let steps: [Step] = (1...6).map { _ in .append(term: 1, sizes: [200]) }
    let (disk, _) = try await Self.disk(after: steps, segmentSize: 1400)
    let names = try disk.names(in: Self.log)
    #expect(names.count >= 2)
    let path = Self.log + names[0]
    // The second record of entries of the first file: behind the header, a seal, and one record.
    let clean = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    let entries = try #require(clean.log.segments[0].entries)
    clean.close()
    let record = 64 + 48 + 4 + 200 + 4
    try disk.flip(bit: 3, at: 128 + 64 + record + 70, in: path)
    let view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: disk)
    #expect(view.log.damage == [], "a summary reads the index alone")
    let damage = try #require(try view.verifyLog().damage.first)
    #expect(damage.path == path)
    #expect(damage.offset == 128 + 64 + record)
    #expect(damage.lastReadable == LogID(term: 1, node: 1, index: 0))
    #expect(damage.lost == 1...entries.upperBound)
    #expect(damage.description.hasPrefix("\(path), byte \(128 + 64 + record): the records are"))
    #expect(try view.entries(from: 0, through: 9, byteLimit: 100).first?.first == 0)
    #expect(throws: StorageError.self) {
      try view.entries(from: 1, through: 9, byteLimit: 100)
    }
    let next = entries.upperBound.next
    view.close()
    let header = disk.copy()
    try header.flip(bit: 3, at: 50, in: path)
    let blind = try FileStoreView.open(directory: OpenStore.directory, fileSystem: header)
    #expect(blind.log.damage.map(\.offset) == [0])
    #expect(
      blind.log.damage.first?.reason.hasPrefix("a segment header at byte 0: the checksum") == true)
    #expect(blind.log.segments[0].entries == nil && blind.log.last?.index == 5)
    #expect(try view.entries(from: next, through: 9, byteLimit: 0).first?.first == next)
  }

  @Test("Any flipped byte of a file with records is told by a full look, and the rest is shown")
  func findsAnyDamage() async throws {
    let (disk, model) = try await Self.disk(after: FixtureTests.steps)
    for name in try disk.names(in: Self.log) {
      let path = Self.log + name
      let size = try #require(try disk.status(of: path)).size
      let isLast = name == (try disk.names(in: Self.log).last)
      for offset in stride(from: 0, to: size, by: 7) {
        let copy = disk.copy()
        try copy.flip(bit: offset % 8, at: offset, in: path)
        let view: FileStoreView
        do {
          view = try FileStoreView.open(directory: OpenStore.directory, fileSystem: copy)
        } catch {
          // A flipped version looks like a newer one; a flipped node like another one's file.
          Issue.record("byte \(offset) of \(name): \(error)")
          continue
        }
        let verified = try view.verifyLog()
        // The seal of an orderly close vouches for all before it, not for itself.
        let isVouched = !isLast || offset < size - 64
        #expect(verified.damage.isEmpty != isVouched, "byte \(offset) of \(name)")
        #expect(
          verified.damage.allSatisfy { $0.path.hasPrefix(path) || $0.path.hasPrefix(Self.log) })
        if isVouched { #expect(verified.damage.contains { $0.path == path }, "byte \(offset)") }
        #expect(verified.last != nil && verified.last?.index ?? 0 <= model.last?.index ?? 0)
      }
    }
  }
}
