internal import Raft
internal import RaftCodec

/// What the records of a log add up to, apart from the entries themselves.
///
/// The writer keeps it as of the last record written, recovery as of the last one read; each new
/// segment begins with it, so that the segments before hold nothing but entries.
struct LogState: Hashable, Sendable {
  var cluster: ClusterID?
  var vote: Vote?
  var purged: LogID?
  var last: LogID?
  var committed: LogID?

  /// Takes in one record.
  mutating func apply(_ record: LogRecord) {
    switch record {
    case .cluster(let cluster): self.cluster = cluster
    case .vote(let vote): self.vote = vote
    case .entries(let block): self.append(block.run)
    case .truncate(let last): self.truncate(after: last)
    case .purge(let logID): self.purge(through: logID)
    case .commitWatermark(let logID): self.committed = logID
    case .snapshotInstalled, .seal, .index: break
    }
  }

  /// Takes in a record of these entries.
  mutating func append(_ run: EntryRun) {
    self.last = run.lastLogID
  }

  /// The records that a new segment begins with; the cluster and the last position stand in its
  /// header.
  var prelude: [LogRecord] {
    var records: [LogRecord] = []
    if let vote = self.vote { records.append(.vote(vote)) }
    if let purged = self.purged { records.append(.purge(through: purged)) }
    if let committed = self.committed { records.append(.commitWatermark(committed)) }
    return records
  }

  private mutating func truncate(after position: LogID?) {
    guard position.nextIndex < self.last.nextIndex else { return }
    self.last = position
  }

  private mutating func purge(through logID: LogID) {
    self.purged = logID
    if self.last.nextIndex <= logID.index.next { self.last = logID }
  }
}
