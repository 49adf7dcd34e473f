#if RocksDB
public import Raft
internal import RaftCodec
internal import RaftConcurrency

/// A machine's table at one moment.
///
/// While it is held, RocksDB keeps all versions of rows that were there then; let go of it when the
/// snapshot is written.
public final class RocksDBFrozenTable: FrozenState {
  private static let pieceSize = 64 << 10

  private let view: View
  private let database: Database
  private let thread: WorkerThread

  init(_ view: View, of database: Database, thread: WorkerThread) {
    self.view = view
    self.database = database
    self.thread = thread
  }

  /// Writes all rows out, in the form that ``RocksDBMachineTable/restore(from:reading:)`` reads.
  ///
  /// Equal tables are written as equal bytes.
  public func write(to sink: SnapshotSink) async throws {
    var writer = ByteWriter(reserving: 2 * Self.pieceSize)
    writer.write(FrozenRows.version)
    var last: [UInt8]?
    while case let rows = try await self.rows(after: last, atMost: 512), let end = rows.last {
      for row in rows {
        FrozenRows.write(row, to: &writer)
        guard writer.count >= Self.pieceSize else { continue }
        try await sink.write(writer.bytes)
        writer.removeAll()
      }
      last = end.key
    }
    if writer.count > 0 { try await sink.write(writer.bytes) }
  }

  /// The rows behind a key, from the first one on with `nil`, in the order of their keys; none at the
  /// end.
  ///
  /// At most so many, and fewer if they are long. A thread of the store's own reads them.
  ///
  /// - Throws: `StorageError`, of kind `corrupted` if a row is damaged.
  public func rows(
    after key: [UInt8]?, atMost count: Int
  ) async throws(StorageError) -> [MachineRow] {
    let (view, database) = (self.view, self.database)
    return try await self.thread.run(orThrow: .storeClosed) { () throws(StorageError) in
      try database.scan(.machine, at: view) { (cursor) throws(StorageError) in
        var rows: [MachineRow] = []
        var size = 0
        // No key lies between this one and the same with a zero behind it.
        var isAtRow = try cursor.seek(to: MachineKey.row(key.map { $0 + [0] } ?? []))
        while isAtRow, rows.count < count, size < 8 * Self.pieceSize {
          let row = MachineRow(key: Array(cursor.key.dropFirst()), value: try cursor.value())
          size += row.key.count + row.value.count
          rows.append(row)
          isAtRow = try cursor.advance()
        }
        return rows
      }
    }
  }
}
#endif
