#if RocksDB
import Raft
import RaftRocksDBStore
import RaftStoreTesting
import Testing

@Suite("A machine keeps its state in RocksDB")
struct MachineTests {
  private static let suite = StateMachineSuite(
    makingMachine: {
      let place = PassingDirectory()
      return KeptMap(
        store: try await RocksDBStore.open(directory: place.path, node: 1), place: place)
    },
    makingCommand: { number in
      KeptMap.Command(
        key: [UInt8(number % 7), 0], value: number % 11 == 5 ? nil : [UInt8(number), 255, 0])
    },
    observing: { machine in try await machine.rows() })

  @Test("The machine does what every machine must do", arguments: Self.suite.cases)
  func conforms(_ rule: StateMachineCase) async throws {
    try await rule.run()
  }

  @Test("What was applied is there after reopening, with how far it reaches")
  func reopening() async throws {
    let directory = makeTemporaryDirectory()
    var map = KeptMap(store: try await RocksDBStore.open(directory: directory, node: 1))
    #expect(try await map.recover() == nil)
    for number in 0..<20 as Range<UInt8> {
      _ = try map.apply(.init(key: [number], value: [number, 1]), in: context(UInt64(number)))
    }
    _ = try map.apply(.init(key: [3], value: nil), in: context(20))
    let rows = try await map.rows()
    #expect(rows.count == 19)
    await map.store.close()
    map = KeptMap(store: try await RocksDBStore.open(directory: directory, node: 1))
    #expect(try await map.recover() == LogID(term: 2, node: 1, index: 20))
    #expect(try await map.rows() == rows)
    await map.store.close()
    try removeTemporaryDirectory(directory)
  }

  @Test("A restoration that was interrupted leaves a machine that holds nothing")
  func interruptedRestoration() async throws {
    let directory = makeTemporaryDirectory()
    var map = KeptMap(store: try await RocksDBStore.open(directory: directory, node: 1))
    _ = try map.apply(.init(key: [1], value: [1]), in: context(7))
    try map.table.clear()
    try map.table.fill([MachineRow(key: [2], value: [2])])
    await map.store.close()
    map = KeptMap(store: try await RocksDBStore.open(directory: directory, node: 1))
    #expect(try await map.recover() == nil)
    #expect(try await map.rows() == [])
    await map.store.close()
    try removeTemporaryDirectory(directory)
  }

  @Test("A snapshot that ends within a row, or has another form, is refused and leaves nothing")
  func badContent() async throws {
    let directory = makeTemporaryDirectory()
    let map = KeptMap(store: try await RocksDBStore.open(directory: directory, node: 1))
    let meta = SnapshotMeta(
      lastLogID: context(9).logID,
      membership: LoggedMembership(
        logID: context(0).logID,
        membership: try Membership(voters: [Member(id: 1, address: "a")])))
    let row: [UInt8] = [1, 0, 0, 0, 2, 0, 0, 0, 7, 8, 9]
    for (content, kind) in [
      ([1, 0, 0, 0] + row.dropLast(), .corrupted), ([1, 0], .corrupted),
      ([2, 0, 0, 0] + row, .foreign),
    ] as [([UInt8], StorageError.Kind)] {
      _ = try map.apply(.init(key: [1], value: [1]), in: context(7))
      let error = await #expect(throws: StorageError.self) {
        try await map.restore(from: meta, reading: OnePiece(content))
      }
      #expect(error?.kind == kind)
      #expect(try await map.recover() == nil)
      #expect(try await map.rows() == [])
    }
    try await map.restore(from: meta, reading: OnePiece([1, 0, 0, 0] + row))
    #expect(try await map.rows() == [MachineRow(key: [7], value: [8, 9])])
    #expect(try await map.recover() == meta.lastLogID)
    await map.store.close()
    try removeTemporaryDirectory(directory)
  }

  @Test("A table whose store is closed refuses everything")
  func closed() async throws {
    let directory = makeTemporaryDirectory()
    let store = try await RocksDBStore.open(directory: directory, node: 1)
    let frozen = try store.machine.freeze()
    await store.close()
    func kind(_ body: () async throws -> Void) async -> StorageError.Kind? {
      do {
        try await body()
        return nil
      } catch {
        return (error as? StorageError)?.kind
      }
    }
    #expect(await kind { _ = try store.machine.recover() } == .closed)
    #expect(await kind { _ = try store.machine.value(of: [1]) } == .closed)
    #expect(await kind { try store.machine.apply([], at: context(1).logID) } == .closed)
    #expect(await kind { _ = try store.machine.freeze() } == .closed)
    #expect(await kind { _ = try await frozen.rows(after: nil, atMost: 1) } == .closed)
    try removeTemporaryDirectory(directory)
  }

  private func context(_ index: UInt64) -> ApplyContext {
    ApplyContext(logID: LogID(term: 2, node: 1, index: LogIndex(index)), timestamp: .epoch)
  }
}

/// Content that comes at once.
private actor OnePiece: SnapshotReader {
  private var piece: [UInt8]?

  init(_ piece: [UInt8]) {
    self.piece = piece
  }

  func next() async throws(StorageError) -> [UInt8]? {
    defer { self.piece = nil }
    return self.piece
  }
}
#endif
