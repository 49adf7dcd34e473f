internal import Raft
internal import RaftCodec

/// A write to the log that waits for its turn on the disk.
enum LogOperation: Sendable {
  case adopt(ClusterID)
  case vote(Vote)
  /// Entries, with the number by which the index knows them.
  case entries(EntrySlice, ticket: UInt64)
  case truncate(after: LogID?)
  case purge(through: LogID)

  /// About how many bytes the record takes, and not less, but for large memberships.
  var estimatedSize: Int {
    guard case .entries(let slice, _) = self else { return 128 }
    return slice.byteCount + 4 * slice.count + 128
  }

  /// The record that the log keeps of it.
  var record: LogRecord {
    switch self {
    case .adopt(let cluster): .cluster(cluster)
    case .vote(let vote): .vote(vote)
    case .entries(let slice, _): .entries(EntryBlock(slice))
    case .truncate(let last): .truncate(after: last)
    case .purge(let logID): .purge(through: logID)
    }
  }
}

extension EntryBlock {
  /// The entries of a slice, with the slice's own bytes.
  init(_ slice: EntrySlice) {
    self.init(
      run: slice.run, bytes: slice.chunk.bytes, ends: slice.chunk.ends, offsets: slice.offsets)
  }
}
