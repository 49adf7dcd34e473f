#if RocksDB
internal import Raft

/// Reads entries back from the database.
enum LogReader {
  /// The entries from the first one on, as many as there is room for.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if the first one is not there or damaged; what is
  ///   wrong with a later one just ends the answer.
  static func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int, in database: Database
  ) throws(StorageError) -> [EntrySlice] {
    try database.scan(.log) { (cursor) throws(StorageError) in
      var answer = EntryAnswer(room: byteLimit)
      var next = first
      do throws(StorageError) {
        var isAtRow = try cursor.seek(to: LogRow.key(first))
        while isAtRow, next <= last, !answer.isFull {
          let slice = EntrySlice(try LogRow.block(at: cursor, of: database))
          guard slice.first <= next, let wanted = slice.clamped(from: next, through: last) else {
            break
          }
          _ = answer.take(wanted)
          next = slice.last.next
          if next <= last, !answer.isFull { isAtRow = try cursor.advance() }
        }
      } catch {
        guard answer.slices.isEmpty else { return answer.slices }
        throw StorageError(error.kind, "entry \(next) cannot be read: \(error.message)")
      }
      guard answer.slices.isEmpty else { return answer.slices }
      throw .damaged(
        database.directory, "entry \(first) is missing, though the log goes on behind it")
    }
  }
}
#endif
