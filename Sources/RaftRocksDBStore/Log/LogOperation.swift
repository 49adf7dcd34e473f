#if RocksDB
internal import Raft

/// A write to the log that waits for its turn on the disk.
enum LogOperation: Sendable {
  case adopt(ClusterID)
  case vote(Vote)
  case entries(EntrySlice)
  case truncate(after: LogID?)
  case purge(through: LogID)
  /// Asks for no write of its own: it goes along with what follows.
  case note(committed: LogID)
}

/// What arrived for the log since its thread last looked: written together, synced together.
struct LogBatch: Sendable {
  /// The writes, in order.
  var operations: [LogOperation] = []
  /// Whether there is more than a note.
  var isUrgent = false
  /// The number of the newest entries among them; 0 if there are none.
  var ticket: UInt64 = 0
  /// Where the newest of the writes that ask for it is reported; that covers the others.
  var completion: IOCompletion?
}
#endif
