import Raft
import RaftCodec
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import TestPace
import Testing

@Suite("Torn tails are cut, damage is refused", .longRun)
struct DamageTests {
  private static let log = "/data/node/log/"
  private static let first = log + "00000000000000000001.log"

  /// A disk with a log after these steps, as a process that ended left it, and what it must hold.
  private static func disk(
    after steps: [Step], segmentSize: Int = 1 << 20, closing: Closing = .abrupt
  ) async throws -> (SimulatedFileSystem, StoreModel) {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: segmentSize)
    var model = StoreModel()
    for step in steps {
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    let left = disk.copy()
    await open.store.close()
    return (closing == .abrupt ? left : disk, model)
  }

  private enum Closing {
    case abrupt
    case orderly
  }

  /// What the disk holds, or how the store refuses it.
  private static func contents(_ disk: SimulatedFileSystem) async -> Result<StoreModel, any Error> {
    do {
      let open = try await OpenStore.open(disk)
      do {
        let found = try await open.contents()
        await open.store.close()
        return .success(found)
      } catch {
        await open.store.close()
        throw error
      }
    } catch {
      return .failure(error)
    }
  }

  @Test("A log cut at any byte of its last record holds everything before that record")
  func cutsTail() async throws {
    let steps: [Step] = [
      .vote(1), .append(term: 1, sizes: [20]), .append(term: 1, sizes: [3, 30]),
    ]
    let (shorter, before) = try await Self.disk(after: steps)
    let start = try #require(try shorter.status(of: Self.first)).size
    let (disk, after) = try await Self.disk(after: steps + [.append(term: 1, sizes: [40])])
    let end = try #require(try disk.status(of: Self.first)).size
    #expect(end > start)
    for size in start...end {
      let copy = disk.copy()
      let file = try copy.open(Self.first, .readWrite)
      try file.truncate(to: size)
      try file.sync()
      let found = try await Self.contents(copy).get()
      #expect(found == (size == end ? after : before), "cut to \(size) bytes")
    }
  }

  @Test("A last record whose end is missing, with zeros in its place, is cut off")
  func cutsZeroedTail() async throws {
    let steps: [Step] = [.append(term: 1, sizes: [20]), .append(term: 1, sizes: [3, 30])]
    let (shorter, before) = try await Self.disk(after: steps)
    let start = try #require(try shorter.status(of: Self.first)).size
    // The payload of the last record ends with its last byte, which is not zero.
    let (disk, _) = try await Self.disk(after: steps + [.append(term: 1, sizes: [40])])
    let end = try #require(try disk.status(of: Self.first)).size
    for offset in start..<end {
      let copy = disk.copy()
      let file = try copy.open(Self.first, .readWrite)
      let whole = try file.read(exactly: end - offset, at: offset)
      guard whole.contains(where: { $0 != 0 }) else { continue }
      try file.write([UInt8](repeating: 0, count: end - offset + 100), at: offset)
      try file.sync()
      #expect(try await Self.contents(copy).get() == before, "zeros from byte \(offset) on")
    }
  }

  @Test("A write after a cut is found again, and nothing of what was cut off")
  func writesAfterCut() async throws {
    let (disk, before) = try await Self.disk(after: [.append(term: 1, sizes: [20, 21])])
    let size = try #require(try disk.status(of: Self.first)).size
    let torn = try disk.open(Self.first, .readWrite)
    try torn.write([UInt8](repeating: 0xAB, count: 500), at: size)
    try torn.sync()
    let open = try await OpenStore.open(disk)
    let step = Step.append(term: 2, sizes: [1])
    try await open.take(step, next: before.next, after: before)
    await open.store.close()
    #expect(try await Self.contents(disk).get() == before.after(step))
  }

  // The second record is torn, the third one of the same batch is whole. Written again, the second
  // one is the same to the last byte, so that the third would follow it.
  @Test("A record behind a torn one does not come back when the torn one is written again")
  func doesNotReviveLeftovers() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let gated = GatedFileSystem(base: base)
    let open = try await OpenStore.open(gated)
    let steps: [Step] = (1...3).map { _ in .append(term: 1, sizes: [40]) }
    let slices = try (0...2).map { try #require(steps[$0].slice(from: LogIndex(UInt64($0)))) }
    let ignored = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    let syncs = gated.syncs.count
    gated.syncs.shut()
    _ = open.store.log.append(slices[0], completion: ignored)
    await gated.syncs.arrival(syncs + 1)
    let end = try #require(try base.status(of: Self.first)).size
    _ = open.store.log.append(slices[1], completion: ignored)
    try await open.flush { completion in
      defer { gated.syncs.open() }
      return open.store.log.append(slices[2], completion: completion)
    }
    let disk = base.copy()
    await open.store.close()

    let torn = try disk.open(Self.first, .readWrite)
    try torn.write([0xFF], at: end + 64 + 48 + 4 + 20)
    try torn.sync()
    let again = try await OpenStore.open(disk)
    #expect(again.loaded.last?.index == 0)
    try await again.flush { again.store.log.append(slices[1], completion: $0) }
    let left = disk.copy()
    await again.store.close()
    #expect(try await Self.contents(left).get().last?.index == 1)
  }

  @Test("Any byte of a sealed log turned is reported as damage, or makes no difference")
  func findsDamage() async throws {
    let steps: [Step] = [
      .adopt(ClusterID(high: 3, low: 4)), .append(term: 1, sizes: [5, 6]), .vote(2),
      .append(term: 2, sizes: [7]),
    ]
    let (disk, model) = try await Self.disk(after: steps, closing: .orderly)
    let size = try #require(try disk.status(of: Self.first)).size
    // The seal of an orderly close vouches for all before it, not for itself.
    for offset in 0..<size {
      let copy = disk.copy()
      try copy.flip(bit: offset % 8, at: offset, in: Self.first)
      let isSeal = offset >= size - 64
      switch await Self.contents(copy) {
      case .success(let found): #expect(found == model && isSeal, "byte \(offset)")
      case .failure(let error as StorageError):
        #expect(error.kind == .corrupted && !isSeal, "byte \(offset): \(error)")
        #expect(error.message.contains(Self.first), "\(error)")
      case .failure(let error): Issue.record("byte \(offset): \(error)")
      }
    }
  }

  // The start reads headers and indexes of complete segments. What is between is found when it is
  // read: entries at once, by whoever wants them, everything else when the log is verified.
  @Test("Damage to a segment that another one follows is reported, wherever it is")
  func findsDamageInEarlierSegment() async throws {
    let steps: [Step] = (1...6).map { _ in .append(term: 1, sizes: [60]) } + [.vote(2)]
    let (disk, model) = try await Self.disk(after: steps + steps, segmentSize: 600)
    let names = try disk.names(in: "/data/node/log")
    #expect(names.count >= 2)
    let size = try #require(try disk.status(of: Self.first)).size
    for offset in 0..<size {
      let copy = disk.copy()
      try copy.flip(bit: offset % 8, at: offset, in: Self.first)
      switch await Self.contents(copy) {
      case .failure(let error as StorageError):
        #expect(error.kind == .corrupted, "byte \(offset): \(error)")
        #expect(error.message.contains(Self.first), "byte \(offset): \(error)")
      case .failure(let error): Issue.record("byte \(offset): \(error)")
      case .success(let found):
        #expect(found == model, "byte \(offset)")
        let open = try await OpenStore.open(copy)
        let verification = try await open.store.log.verify()
        #expect(verification.damage.count == 1, "byte \(offset) of \(size)")
        #expect(verification.damage.first?.message.contains(Self.first) == true)
        await open.store.close()
      }
    }
    let cut = disk.copy()
    try cut.open(Self.first, .readWrite).truncate(to: size - 8)
    guard case .failure(let error as StorageError) = await Self.contents(cut) else {
      Issue.record("a cut in the first segment")
      return
    }
    #expect(error.kind == .corrupted)
    #expect(error.message.contains(Self.first), "\(error)")
    #expect(try await Self.contents(disk).get() == model)
  }

  @Test("A segment that is missing among others is damage")
  func findsMissingSegment() async throws {
    let steps: [Step] = (1...9).map { _ in .append(term: 1, sizes: [60]) }
    let (disk, _) = try await Self.disk(after: steps, segmentSize: 500)
    let names = try disk.names(in: "/data/node/log")
    #expect(names.count >= 3)
    for name in names.dropLast() {
      let copy = disk.copy()
      try copy.remove(Self.log + name)
      guard case .failure(let error as StorageError) = await Self.contents(copy) else {
        Issue.record("\(name) missing")
        continue
      }
      #expect(error.kind == .corrupted, "\(error)")
    }
    let none = disk.copy()
    for name in names { try none.remove(Self.log + name) }
    guard case .failure(let error as StorageError) = await Self.contents(none) else {
      Issue.record("all segments missing")
      return
    }
    #expect(error.kind == .corrupted, "\(error)")
  }

  @Test("A purged segment whose removal was undone, before a gap, is passed over and removed")
  func forgetsPurgedSegment() async throws {
    let steps: [Step] = (1...9).map { _ in .append(term: 1, sizes: [60]) }
    let (disk, model) = try await Self.disk(after: steps, segmentSize: 500)
    let purge = Step.purge(through: LogID(term: 1, node: 1, index: 7))
    let bytes = try disk.readFile(at: Self.first)
    let open = try await OpenStore.open(disk)
    try await open.take(purge, next: model.next, after: model)
    try await open.take(.vote(3), next: model.next, after: model)
    await open.store.close()
    let left = try disk.names(in: "/data/node/log")
    #expect(left.first.map { $0 > "00000000000000000002" } == true, "\(left)")
    try disk.replaceFile(at: Self.first, with: bytes)
    let found = try await Self.contents(disk).get()
    #expect(found == model.after(purge).after(.vote(3)))
    #expect(try !disk.names(in: "/data/node/log").contains("00000000000000000001.log"))
  }

  @Test("An entry damaged after the log was loaded is refused when it is read, the others are not")
  func findsDamageWhenReading() async throws {
    let steps: [Step] = (1...3).map { _ in .append(term: 1, sizes: [60]) }
    let (disk, model) = try await Self.disk(after: steps)
    let open = try await OpenStore.open(disk)
    let size = try #require(try disk.status(of: Self.first)).size
    // The last byte of the second payload: one record and the fill of another one before the end.
    try disk.flip(bit: 0, at: size - 64 - 48 - 4 - 60 - 4, in: Self.first)
    let log = open.store.log
    let start = try await log.entries(from: 0, through: 2, byteLimit: 1 << 16)
    #expect(start.flatMap(StoreModel.items) == Array(model.entries[..<1]))
    await #expect {
      try await log.entries(from: 1, through: 2, byteLimit: 1 << 16)
    } throws: {
      ($0 as? StorageError)?.kind == .corrupted && "\($0)".contains(Self.first)
    }
    let end = try await log.entries(from: 2, through: 2, byteLimit: 1 << 16)
    #expect(end.flatMap(StoreModel.items) == Array(model.entries[2...]))
    await open.store.close()
  }
}
