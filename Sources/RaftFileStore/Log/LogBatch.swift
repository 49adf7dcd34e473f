internal import Raft

/// What arrived for the log since its thread last looked: written together, synced together.
struct LogBatch: Sendable {
  /// The writes, in order.
  var operations: [LogOperation] = []
  /// How far the log is committed, if that has changed.
  var watermark: LogID?
  /// Where the newest of the writes that ask for it is reported; that covers the others.
  var completion: IOCompletion?

  /// About how many bytes the records of the batch take, and not less.
  var estimatedSize: Int {
    self.operations.reduce(256) { $0 + $1.estimatedSize }
  }
}
