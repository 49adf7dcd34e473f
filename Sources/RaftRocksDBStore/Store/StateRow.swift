#if RocksDB
internal import Raft
internal import RaftCodec

/// The rows of which there is one each.
enum StateRow: String, CaseIterable {
  /// Whose data the database holds, and in which form.
  case identity
  /// The cluster that the node belongs to.
  case cluster
  /// The last vote saved.
  case vote
  /// The last position purged from the log.
  case purged
  /// The last position in the log; the same as `purged` if no entry is left.
  case end
  /// How far the log was noted to be committed.
  case committed
  /// How many synced writes there were; see ``SyncedCount``.
  case synced
  /// The number of the newest snapshot.
  case snapshot

  /// The row's key.
  var key: [UInt8] { Array(self.rawValue.utf8) }
}

extension Database {
  /// The value of a row, as this reads it; `nil` if the row is not there.
  func state<Value>(
    _ row: StateRow, at view: View? = nil,
    _ read: (inout ByteReader) throws(CodecError) -> Value
  ) throws(StorageError) -> Value? {
    guard let bytes = try self.value(of: row.key, in: .state, at: view) else { return nil }
    return try self.decode(bytes, "the row '\(row.rawValue)'", read)
  }

  /// What this reads from the bytes of a row, of which nothing may be left over.
  func decode<Value>(
    _ bytes: [UInt8], _ what: String, _ read: (inout ByteReader) throws(CodecError) -> Value
  ) throws(StorageError) -> Value {
    var reader = ByteReader(bytes)
    do throws(CodecError) {
      let value = try read(&reader)
      try reader.expectEnd(of: what)
      return value
    } catch {
      throw StorageError(error, in: what, of: self.directory)
    }
  }
}

extension WriteBatch {
  /// Puts the row, as this writes it, in place of the one there.
  mutating func put(_ row: StateRow, _ write: (inout ByteWriter) -> Void) {
    var writer = ByteWriter()
    write(&writer)
    self.put(writer.takeBytes(), under: row.key, in: .state)
  }

  /// Removes the row.
  mutating func remove(_ row: StateRow) {
    self.remove(row.key, from: .state)
  }
}
#endif
