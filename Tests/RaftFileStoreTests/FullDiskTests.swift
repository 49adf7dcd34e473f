import Glibc
import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import TestPace
import Testing

@Suite("A full disk is told before it is too late, and the log goes on when there is space again")
struct FullDiskTests {
  private static let reserve = "/data/node/RESERVE"
  private static let reserveSize = 20_000

  private static func open(
    _ disk: any FileSystem, _ allocation: SegmentAllocation,
    directory: String = OpenStore.directory, reserveSize: Int = Self.reserveSize,
    segmentSize: Int = 3000
  ) async throws -> OpenStore {
    try await OpenStore.open(
      disk, directory: directory, segmentSize: segmentSize, allocation: allocation,
      reserveSize: reserveSize, tailSize: 1)
  }

  /// Takes a step, which must become durable.
  private static func take(
    _ step: Step, _ open: OpenStore, _ model: inout StoreModel
  ) async throws {
    try await open.take(step, next: model.next, after: model)
    model = model.after(step)
  }

  /// Appends until the store wants no more; nothing may fail before.
  private static func fill(
    _ open: OpenStore, _ model: inout StoreModel, bytes: Int = 400
  ) async throws {
    var count = 0
    while open.store.log.shortage == nil, count < 10_000 {
      try await Self.take(.append(term: 1, sizes: [bytes]), open, &model)
      count += 1
    }
    #expect(count < 10_000, "the disk was never full")
  }

  /// Asks until the store takes entries again.
  private static func awaitRoom(_ open: OpenStore) async throws {
    let deadline = ContinuousClock.now.advanced(by: .seconds(20).patient)
    while open.store.log.shortage != nil {
      try #require(ContinuousClock.now < deadline, "the store never saw the space")
      await Task.yield()
    }
  }

  @Test(
    "Entries are refused in time; votes, truncations and purges are written; space is found again",
    arguments: [SegmentAllocation.prewritten, .asWritten])
  func goesOn(_ allocation: SegmentAllocation) async throws {
    let disk = SimulatedFileSystem(capacity: 90_000, journal: .nothing)
    let open = try await Self.open(disk, allocation)
    var model = StoreModel()
    #expect(open.store.log.shortage == nil)
    #expect(try disk.status(of: Self.reserve)?.size == Self.reserveSize)
    try await Self.fill(open, &model)
    #expect(open.store.log.shortage?.kind == .full)
    #expect(model.entries.count > 40, "the reserve is not for entries")
    // Somebody else takes all that is left.
    let filler = try disk.open("/filler", .createIfMissing)
    try filler.preallocate(to: try disk.availableBytes(at: "/"), .reserved)
    #expect(try disk.availableBytes(at: "/") == 0)

    for term in 2...40 as ClosedRange<UInt64> { try await Self.take(.vote(term), open, &model) }
    // What was accepted before is written where the reserve was.
    try await Self.take(.append(term: 40, sizes: [3000, 3000]), open, &model)
    try await Self.take(.truncate(after: model.next.previous?.previous ?? 0), open, &model)
    try await Self.take(.append(term: 41, sizes: [10]), open, &model)
    #expect(open.store.log.shortage != nil)
    let left = disk.copy()
    left.crash(.dropUnsynced)
    let other = try await Self.open(left, allocation)
    #expect(try await other.contents() == model, "what was reported is there")
    await other.store.close()

    try await Self.take(.purge(through: try #require(model.last)), open, &model)
    try await Self.take(.vote(50), open, &model)
    try filler.truncate(to: 0)
    try await Self.awaitRoom(open)
    #expect(try disk.status(of: Self.reserve)?.size == Self.reserveSize)
    try await Self.take(.append(term: 50, sizes: [100, 5]), open, &model)
    await open.store.close()
    let again = try await Self.open(disk, allocation)
    #expect(try await again.contents() == model)
    #expect(again.store.log.shortage == nil)
    await again.store.close()
  }

  @Test("A node starts on a full disk, by the space that it had set aside")
  func startsOnFullDisk() async throws {
    let disk = SimulatedFileSystem(capacity: 60_000, journal: .nothing)
    let open = try await Self.open(disk, .prewritten)
    var model = StoreModel()
    try await Self.fill(open, &model)
    await open.store.close()
    let filler = try disk.open("/filler", .createIfMissing)
    try filler.preallocate(to: try disk.availableBytes(at: "/"), .reserved)
    let again = try await Self.open(disk, .prewritten)
    #expect(try await again.contents() == model)
    #expect(again.store.log.shortage != nil)
    try await Self.take(.vote(9), again, &model)
    await again.store.close()
    disk.capacity = 200_000
    let last = try await Self.open(disk, .prewritten)
    #expect(try await last.contents() == model)
    #expect(last.store.log.shortage == nil)
    await last.store.close()
  }

  @Test(
    "Without any space left the log stops, and what was reported is there when it starts again",
    arguments: [SegmentAllocation.prewritten, .asWritten], [0, 5000])
  func stopsWithoutSpace(_ allocation: SegmentAllocation, reserveSize: Int) async throws {
    let disk = SimulatedFileSystem(capacity: 60_000, journal: .nothing)
    let open = try await Self.open(disk, allocation, reserveSize: reserveSize)
    var model = StoreModel()
    var failure: StorageError?
    while failure == nil {
      do throws(StorageError) {
        let step = Step.append(term: 1, sizes: [700])
        try await open.take(step, next: model.next, after: model)
        model = model.after(step)
      } catch {
        failure = error
      }
    }
    #expect(failure?.kind == .full)
    await #expect(throws: StorageError.self) {
      try await open.take(.vote(3), next: model.next, after: model)
    }
    await open.store.close()
    disk.crash(.keepAll)
    disk.capacity = nil
    let again = try await Self.open(disk, allocation, reserveSize: reserveSize)
    let found = try await again.contents()
    #expect(found == model || found == model.after(.append(term: 1, sizes: [700])))
    #expect(again.store.log.shortage == nil)
    await again.store.close()
  }

  @Test("A reserve of another size, or none, takes the place of the one that is there")
  func resizes() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    for size in [8000, 300, 0, 900] {
      let open = try await Self.open(disk, .prewritten, reserveSize: size)
      #expect(try disk.status(of: Self.reserve)?.size == (size == 0 ? nil : size))
      await open.store.close()
    }
  }

  /// A file system of a few megabytes, where the system lets this process make one.
  private static func withSmallDisk(
    _ body: (String) async throws -> Void
  ) async throws -> Bool {
    let directory = makeTemporaryDirectory()
    defer { rmdir(directory) }
    guard mount("none", directory, "tmpfs", 0, "size=6m") == 0 else {
      print("skipped: this process may not mount a small disk (errno \(errno))")
      return false
    }
    defer { umount2(directory, Int32(MNT_DETACH)) }
    try await body(directory)
    return true
  }

  @Test("On a real disk that is full, the same")
  func goesOnForReal() async throws {
    _ = try await Self.withSmallDisk { root in
      let disk = SystemFileSystem()
      let open = try await Self.open(
        disk, .prewritten, directory: root + "/node", reserveSize: 1 << 20, segmentSize: 1 << 20)
      var model = StoreModel()
      try await Self.fill(open, &model, bytes: 50_000)
      let filler = try disk.open(root + "/filler", .createNew)
      while (try? filler.write([UInt8](repeating: 1, count: 4096), at: try filler.size())) != nil {}
      #expect(try disk.availableBytes(at: root) == 0)
      for term in 2...9 as ClosedRange<UInt64> { try await Self.take(.vote(term), open, &model) }
      try await Self.take(.append(term: 9, sizes: [300_000]), open, &model)
      let purged = try #require(model.entries.dropLast().last?.logID)
      try await Self.take(.purge(through: purged), open, &model)
      try await Self.take(.vote(10), open, &model)
      await open.store.close()
      let again = try await Self.open(
        disk, .prewritten, directory: root + "/node", reserveSize: 1 << 20, segmentSize: 1 << 20)
      #expect(try await again.contents() == model)
      try filler.truncate(to: 0)
      try await Self.awaitRoom(again)
      try await Self.take(.append(term: 10, sizes: [10]), again, &model)
      await again.store.close()
    }
  }
}
