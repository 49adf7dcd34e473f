internal import Raft
import RaftConcurrency
internal import RaftMemoryStore

/// Makes machines of one type, applies commands to them and takes snapshots.
struct MachineBench<Machine: StateMachine, State: Equatable & Sendable>: Sendable {
  let makingMachine: @Sendable () async throws -> Machine
  let makingCommand: @Sendable (Int) -> Machine.Command
  let observing: @Sendable (Machine) async throws -> State

  /// A machine to which so many commands were applied.
  func machine(after count: Int) async throws -> Machine {
    var machine = try await self.makingMachine()
    try await self.apply(0..<count, to: &machine)
    return machine
  }

  /// A machine that was restored from a snapshot.
  func machine(restoredFrom snapshot: any StoredSnapshot) async throws -> Machine {
    var machine = try await self.makingMachine()
    try await machine.restore(from: snapshot.meta, reading: snapshot.read())
    return machine
  }

  /// Applies the commands with these numbers.
  func apply(_ numbers: Range<Int>, to machine: inout Machine) async throws {
    for number in numbers {
      let logID = Self.logID(number)
      _ = try await machine.apply(
        self.makingCommand(number),
        in: ApplyContext(logID: logID, timestamp: EntryMaking.timestamp(at: logID.index)))
    }
  }

  func observe(_ machine: Machine) async throws -> State {
    try await self.observing(machine)
  }

  /// Writes a frozen state out, as a snapshot in memory.
  func snapshot(
    of frozen: any FrozenState, after count: Int
  ) async throws -> any StoredSnapshot {
    let meta = SnapshotMeta(
      lastLogID: Self.logID(max(0, count - 1)),
      membership: LoggedMembership(logID: Self.logID(0), membership: Memberships.simple),
      form: frozen.form)
    let writer = try await MemorySnapshotStore().begin(meta)
    try await frozen.write(to: SnapshotSink(writer))
    return try await writer.commit()
  }

  /// Writes a frozen state out, as bytes.
  func content(
    of frozen: any FrozenState, after count: Int
  ) async throws -> (meta: SnapshotMeta, bytes: [UInt8]) {
    let snapshot = try await self.snapshot(of: frozen, after: count)
    return (snapshot.meta, try await StoreBench.rest(of: snapshot.read()))
  }

  /// Expects a snapshot after so many commands to give its state to another machine, if the
  /// content comes in pieces of this size.
  func expectRestored(after count: Int, by size: Int = 1 << 16) async throws {
    var source = try await self.machine(after: count)
    let content = try await self.content(of: source.freeze(), after: count)
    var machine = try await self.makingMachine()
    try await machine.restore(
      from: content.meta, reading: PieceReader(content.bytes, size: size))
    try expect(
      try await self.observe(machine), is: try await self.observe(source), "restored state")
  }

  private static func logID(_ number: Int) -> LogID {
    LogID(term: 1, node: 1, index: LogIndex(UInt64(number)))
  }
}

/// Gives content in pieces of one size.
final class PieceReader: SnapshotReader {
  private let rest: Guarded<ArraySlice<UInt8>>
  private let size: Int

  init(_ content: [UInt8], size: Int) {
    self.rest = Guarded(content[...])
    self.size = size
  }

  func next() async throws(StorageError) -> [UInt8]? {
    self.rest.withLock { rest in
      guard !rest.isEmpty else { return nil }
      let piece = Array(rest.prefix(self.size))
      rest.removeFirst(piece.count)
      return piece
    }
  }
}

/// Gives the first half of the content, and then an error.
final class BreakingReader: SnapshotReader {
  private let half: Guarded<[UInt8]?>
  private let thrown = Guarded(false)

  init(_ content: [UInt8]) {
    self.half = Guarded(Array(content.prefix(content.count / 2)))
  }

  /// Whether the error was met.
  var hasThrown: Bool { self.thrown.withLock { $0 } }

  func next() async throws(StorageError) -> [UInt8]? {
    let half = self.half.withLock { half in
      defer { half = nil }
      return half
    }
    if let half, !half.isEmpty { return half }
    self.thrown.withLock { $0 = true }
    throw StorageError(.io, "the content breaks off here, on purpose")
  }
}

/// Takes no bytes at all.
final class RefusingWriter: SnapshotWriter {
  private let thrown = Guarded(false)

  /// Whether the error was met.
  var hasThrown: Bool { self.thrown.withLock { $0 } }

  func write(_ bytes: [UInt8]) async throws(StorageError) {
    self.thrown.withLock { $0 = true }
    throw Self.full
  }

  func commit() async throws(StorageError) -> any StoredSnapshot {
    throw Self.full
  }

  func abandon() async {}

  private static let full = StorageError(.full, "no space is left, on purpose")
}
