import Raft
import RaftFileStore
import RaftStoreTesting
import Synchronization
import Testing

@Suite("While the disk stalls, nobody waits who need not, and nothing is reported", .serialized)
struct StallTests {
  /// The operation at which the disk stalls, of those that a write of the log needs.
  enum Stall: CaseIterable {
    case write
    case sync
    /// At the names of a new file, when the log goes on in one.
    case name
  }

  private static let ignored = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) {
    _, _ in
  }

  private static func gate(_ stall: Stall, of disk: GatedFileSystem) -> Gate {
    switch stall {
    case .write: disk.writes
    case .sync: disk.syncs
    case .name: disk.others
    }
  }

  @Test(
    "Writes return at once, entries in memory are read, and all is durable when the disk goes on",
    arguments: Stall.allCases)
  func goesOn(_ stall: Stall) async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(disk, segmentSize: 700)
    let log = open.store.log
    var model = StoreModel()
    let first = Step.append(term: 1, sizes: [500])
    try await open.take(first, next: 0, after: model)
    model = model.after(first)

    let gate = Self.gate(stall, of: disk)
    let arrived = gate.count
    gate.shut()
    let reported = Atomic<Int>(0)
    for number in 1...20 as ClosedRange<UInt64> {
      let step = Step.append(term: 1, sizes: [30])
      let slice = try #require(step.slice(from: LogIndex(number)))
      let io = IOID(sequence: number, vote: .initial, logID: nil)
      let completion = IOCompletion(io: io) { _, _ in reported.add(1, ordering: .relaxed) }
      #expect(log.append(slice, completion: completion) == .pending)
      model = model.after(step)
    }
    await gate.arrival(arrived + 1)
    let read = try await log.entries(from: 1, through: 20, byteLimit: 1 << 20)
    #expect(read.flatMap(StoreModel.items) == Array(model.entries[1...]))
    #expect(reported.load(ordering: .relaxed) == 0)

    let vote = Step.vote(2)
    try await open.flush { completion in
      defer { gate.open() }
      guard case .vote(let vote) = vote else { return .flushed }
      return log.save(vote, completion: completion)
    }
    model = model.after(vote)
    let left = base.copy()
    left.crash(.dropUnsynced)
    await open.store.close()
    let again = try await OpenStore.open(left, segmentSize: 700)
    #expect(try await again.contents() == model)
    await again.store.close()
  }

  @Test("What arrives while a large write is under way is written too, and shares its sync")
  func sharesSync() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(disk)
    let log = open.store.log
    let (arrived, syncs) = (disk.writes.count, disk.syncs.count)
    disk.writes.shut()
    var model = StoreModel()
    for size in [300_000, 10, 20] {
      let step = Step.append(term: 1, sizes: [size])
      let slice = try #require(step.slice(from: model.next))
      #expect(log.append(slice, completion: Self.ignored) == .pending)
      model = model.after(step)
      if size == 300_000 { await disk.writes.arrival(arrived + 1) }
    }
    let vote = Step.vote(2)
    try await open.flush { completion in
      defer { disk.writes.open() }
      guard case .vote(let vote) = vote else { return .flushed }
      return log.save(vote, completion: completion)
    }
    model = model.after(vote)
    #expect(disk.syncs.count == syncs + 1)
    let left = base.copy()
    left.crash(.dropUnsynced)
    await open.store.close()
    let again = try await OpenStore.open(left)
    #expect(try await again.contents() == model)
    await again.store.close()
  }

  @Test("A read that stalls keeps neither writes nor reads from memory waiting")
  func readsAside() async throws {
    let disk = GatedFileSystem(base: SimulatedFileSystem(journal: .nothing))
    let open = try await OpenStore.open(disk, segmentSize: 700, tailSize: 400)
    var model = StoreModel()
    for _ in 0..<12 {
      let step = Step.append(term: 1, sizes: [100])
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    let log = open.store.log
    let arrived = disk.reads.count
    disk.reads.shut()
    async let old = log.entries(from: 0, through: 0, byteLimit: 1)
    await disk.reads.arrival(arrived + 1)
    let step = Step.append(term: 1, sizes: [10])
    try await open.take(step, next: model.next, after: model)
    model = model.after(step)
    let new = try await log.entries(from: 12, through: 12, byteLimit: 1)
    #expect(new.flatMap(StoreModel.items) == Array(model.entries[12...]))
    disk.reads.open()
    #expect(try await old.flatMap(StoreModel.items) == Array(model.entries[..<1]))
    await open.store.close()
  }

  @Test("A snapshot whose disk stalls keeps the log from nothing")
  func keepsLogGoing() async throws {
    let base = SimulatedFileSystem(journal: .nothing)
    let disk = GatedFileSystem(base: base)
    let open = try await OpenStore.open(base)
    await open.store.close()
    let again = try await OpenStore.open(disk)
    let arrived = disk.others.count
    disk.others.shut()
    let position = LogID(term: 1, node: 1, index: 0)
    async let snapshot: Void = again.take(.snapshot(position), next: 0, after: StoreModel())
    await disk.others.arrival(arrived + 1)
    try await again.take(.append(term: 1, sizes: [10]), next: 0, after: StoreModel())
    #expect(try await again.store.snapshots.latest() == nil)
    disk.others.open()
    try await snapshot
    #expect(try await again.store.snapshots.latest()?.meta.lastLogID == position)
    await again.store.close()
  }
}
