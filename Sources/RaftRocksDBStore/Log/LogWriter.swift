#if RocksDB
internal import Raft
internal import RaftCodec

/// The writing end of the log; used on the log's thread alone.
///
/// After an error it must not be used again: what became of the rows written last is unknown.
struct LogWriter: Sendable {
  /// Rows of so many bytes are handed to RocksDB at once at the most; one sync covers all.
  private static let chunkSize = 4 << 20

  private let database: Database
  private var state: LogState

  /// A writer that goes on from this state.
  init(_ state: LogState, of database: Database) {
    self.state = state
    self.database = database
  }

  /// Writes the batch and makes it durable.
  ///
  /// Large batches go to RocksDB in parts, in order, so that a crash leaves a beginning of them.
  mutating func commit(_ batch: LogBatch) throws(StorageError) {
    var state = self.state
    let database = self.database
    try database.write(.synced) { (rows) throws(StorageError) in
      for operation in batch.operations {
        try Self.write(operation, into: &rows, &state, database)
        guard rows.byteCount > Self.chunkSize else { continue }
        Self.put(state.end, into: &rows)
        try rows.write(.buffered)
      }
      Self.put(state.end, into: &rows)
    }
    self.state = state
  }

  private static func write(
    _ operation: LogOperation, into rows: inout WriteBatch, _ state: inout LogState,
    _ database: Database
  ) throws(StorageError) {
    switch operation {
    case .adopt(let cluster):
      if let own = state.cluster, !own.admits(cluster) {
        throw StorageError(
          .foreign,
          "the data in \(database.directory) belongs to cluster \(own) for good: give the node a new "
            + "directory to let it join cluster \(cluster)")
      }
      rows.put(.cluster) { $0.write(cluster) }
      state.cluster = cluster
    case .vote(let vote):
      rows.put(.vote) { $0.write(vote) }
      state.vote = vote
    case .entries(let slice):
      rows.put(LogRow.value(slice), under: LogRow.key(slice.last), in: .log)
      state.end = slice.lastLogID
    case .truncate(let last):
      try Self.truncate(after: last, &rows, state, database)
      state.end = last
    case .note(let committed):
      rows.put(.committed) { $0.write(committed) }
      state.committed = committed
    case .purge(let logID):
      rows.remove(
        from: LogRow.key(state.purged.nextIndex), upTo: LogRow.key(logID.index.next), in: .log)
      rows.put(.purged) { $0.write(logID) }
      state.purged = logID
      if state.end.nextIndex <= logID.index.next { state.end = logID }
    }
  }

  /// Removes the rows behind a position, and puts back what one of them holds before it.
  private static func truncate(
    after last: LogID?, _ rows: inout WriteBatch, _ state: LogState, _ database: Database
  ) throws(StorageError) {
    // What waits in this batch must be found by the search.
    Self.put(state.end, into: &rows)
    try rows.write(.buffered)
    let next = last.nextIndex
    let rest = try database.scan(.log) { (cursor) throws(StorageError) -> EntrySlice? in
      guard let last, try cursor.seek(to: LogRow.key(next)) else { return nil }
      let slice = EntrySlice(try LogRow.block(at: cursor, of: database))
      return slice.clamped(from: slice.first, through: last.index)
    }
    rows.remove(from: LogRow.key(next), upTo: LogRow.end, in: .log)
    if let rest { rows.put(LogRow.value(rest), under: LogRow.key(rest.last), in: .log) }
  }

  /// Puts where the log ends beside the rows that it must agree with.
  private static func put(_ end: LogID?, into rows: inout WriteBatch) {
    guard let end else { return rows.remove(.end) }
    rows.put(.end) { $0.write(end) }
  }
}
#endif
