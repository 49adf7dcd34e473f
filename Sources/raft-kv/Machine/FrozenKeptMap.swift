#if RocksDB
import Raft
import RaftRocksDBStore

/// The map in a database at one moment.
struct FrozenKeptMap: FrozenState {
  let table: RocksDBFrozenTable

  /// How many entries are written in one piece.
  private static let pieceCount = 256

  /// Writes what ``FrozenMap`` writes of an equal map.
  func write(to sink: SnapshotSink) async throws {
    // The row before the first key is that of the fingerprint.
    var last = KeptRow.fingerprint
    var separator: UInt8 = UInt8(ascii: "{")
    while case let rows = try await self.table.rows(after: last, atMost: Self.pieceCount),
      let end = rows.last
    {
      var values: [Key: VersionedValue] = [:]
      for row in rows {
        if let key = KeptRow.key(in: row.key) { values[key] = try KeptRow.value(row.value) }
      }
      try await sink.write(FrozenMap.members(of: values, after: separator))
      separator = UInt8(ascii: ",")
      last = end.key
    }
    try await sink.write(separator == UInt8(ascii: "{") ? Array("{}".utf8) : Array("}".utf8))
  }
}
#endif
