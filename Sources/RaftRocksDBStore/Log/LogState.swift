#if RocksDB
internal import Raft
internal import RaftCodec

/// What a database says of its log, apart from the entries themselves.
struct LogState: Hashable, Sendable {
  var cluster: ClusterID?
  var vote: Vote?
  var purged: LogID?
  /// Where the log ends.
  var end: LogID?
  var committed: LogID?
}

extension LogState {
  /// Reads the state, and checks that the log begins and ends where it says.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if it does not.
  init(recoveredFrom database: Database) throws(StorageError) {
    self.cluster = try database.state(.cluster) { (reader) throws(CodecError) in
      try reader.readClusterID()
    }
    self.vote = try database.state(.vote) { (reader) throws(CodecError) in try reader.readVote() }
    self.purged = try database.position(.purged)
    self.end = try database.position(.end)
    self.committed = try database.position(.committed)
    let (purged, end) = (self.purged, self.end)
    guard purged.nextIndex <= end.nextIndex else {
      throw .damaged(
        database.directory,
        "the log ends at \(Self.text(end)) and is purged to \(Self.text(purged))")
    }
    try database.scan(.log) { (cursor) throws(StorageError) in
      guard try cursor.seek(to: LogRow.key(purged.nextIndex)) else {
        guard end == purged else {
          throw .damaged(
            database.directory,
            "entries \(purged.nextIndex) to \(end?.index ?? 0) of the log are missing")
        }
        return
      }
      let first = try LogRow.block(at: cursor, of: database)
      guard first.run.first <= purged.nextIndex else {
        throw .damaged(
          database.directory,
          "the log has no entries from \(purged.nextIndex) to \(first.run.first), where it goes on")
      }
      _ = try cursor.seekToLast()
      let last = try LogRow.block(at: cursor, of: database).run.lastLogID
      guard last == end else {
        throw .damaged(
          database.directory,
          "the last entry of the log is at \(last), and should be at \(Self.text(end))")
      }
    }
  }

  private static func text(_ position: LogID?) -> String {
    position.map { "\($0)" } ?? "nothing"
  }
}

extension Database {
  /// The position in a row; `nil` if the row is not there.
  func position(_ row: StateRow, at view: View? = nil) throws(StorageError) -> LogID? {
    try self.state(row, at: view) { (reader) throws(CodecError) in try reader.readLogID() }
  }
}
#endif
