#if RocksDB
import Raft
import RaftRocksDBStore

/// A new directory that goes with the last reference to it.
final class PassingDirectory: Sendable {
  let path = makeTemporaryDirectory()

  deinit { try? removeTemporaryDirectory(self.path) }
}

/// A map of bytes whose state machine keeps it in RocksDB.
struct KeptMap: StateMachine {
  /// Puts a value under a key; without a value, removes the key.
  struct Command: Sendable {
    let key: [UInt8]
    let value: [UInt8]?
  }

  let store: RocksDBStore
  /// Where the store lies, if that goes with the map.
  var place: PassingDirectory?
  var table: RocksDBMachineTable { self.store.machine }

  static func encode(_ command: Command, into writer: inout PayloadWriter) {
    writer.write([UInt8(command.key.count)] + command.key + (command.value.map { [1] + $0 } ?? [0]))
  }

  static func decode(_ payload: PayloadReader) throws -> Command {
    let bytes = payload.bytes
    let end = 1 + Int(bytes[0])
    return Command(
      key: Array(bytes[1..<end]),
      value: bytes[end] == 0 ? nil : Array(bytes[(end + 1)...]))
  }

  func recover() async throws -> LogID? { try self.table.recover() }

  func apply(_ command: Command, in context: ApplyContext) throws -> [UInt8]? {
    let before = try self.table.value(of: command.key)
    let change: RowChange =
      command.value.map { .put($0, under: command.key) } ?? .remove(command.key)
    try self.table.apply([change], at: context.logID)
    return before
  }

  func freeze() throws -> any FrozenState { try self.table.freeze() }

  func restore(from meta: SnapshotMeta, reading content: any SnapshotReader) async throws {
    try await self.table.restore(from: meta, reading: content)
  }

  /// Everything in the map.
  func rows() async throws -> [MachineRow] {
    let frozen = try self.table.freeze()
    var rows: [MachineRow] = []
    while case let more = try await frozen.rows(after: rows.last?.key, atMost: 7), !more.isEmpty {
      rows += more
    }
    return rows
  }
}
#endif
