public import RaftEngine

/// One thing that the write-ahead log remembers.
public enum LogRecord: Hashable, Sendable {
  /// The node stands behind this vote from here on.
  case vote(Vote)
  /// Entries were appended.
  case entries(EntryBlock)
  /// All entries after this position were removed; with `nil`, all there were.
  case truncate(after: LogID?)
  /// All entries through this position were removed.
  case purge(through: LogID)
  /// The log is known to be committed through this position.
  case commitWatermark(LogID)
  /// A snapshot through this position, with a content of this hash, took the place of the log.
  case snapshotInstalled(through: LogID, contentHash: UInt64)
  /// Nothing new: the record is there to confirm that what precedes it is synced.
  case seal
  /// The node belongs to this cluster from here on.
  case cluster(ClusterID)
  /// The segment ends, and this is what its records add up to.
  case index(SegmentIndex)

  /// The numbers by which the format tells records apart.
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// See ``LogRecord/vote(_:)``.
    case vote = 1
    /// See ``LogRecord/entries(_:)``.
    case entries = 2
    /// See ``LogRecord/truncate(after:)``.
    case truncate = 3
    /// See ``LogRecord/purge(through:)``.
    case purge = 4
    /// See ``LogRecord/commitWatermark(_:)``.
    case commitWatermark = 5
    /// See ``LogRecord/snapshotInstalled(through:contentHash:)``.
    case snapshotInstalled = 6
    /// See ``LogRecord/seal``.
    case seal = 7
    /// See ``LogRecord/cluster(_:)``.
    case cluster = 8
    /// See ``LogRecord/index(_:)``.
    case index = 9
  }

  /// What the record is about.
  public var kind: Kind {
    switch self {
    case .vote: .vote
    case .entries: .entries
    case .truncate: .truncate
    case .purge: .purge
    case .commitWatermark: .commitWatermark
    case .snapshotInstalled: .snapshotInstalled
    case .seal: .seal
    case .cluster: .cluster
    case .index: .index
    }
  }
}

extension ByteWriter {
  /// Writes the body of a record.
  mutating func write(body record: LogRecord) {
    switch record {
    case .vote(let vote): self.write(vote)
    case .entries(let block): self.write(block)
    case .truncate(let last): self.write(last)
    case .purge(let logID): self.write(logID)
    case .commitWatermark(let logID): self.write(logID)
    case .snapshotInstalled(let logID, let contentHash):
      self.write(logID)
      self.write(contentHash)
    case .seal: break
    case .cluster(let cluster): self.write(cluster)
    case .index(let index): self.write(index)
    }
  }
}

extension ByteReader {
  /// Reads the body of a record of this kind; it must be all that is left.
  mutating func readRecordBody(of kind: LogRecord.Kind) throws(CodecError) -> LogRecord {
    let record: LogRecord
    switch kind {
    case .vote: record = .vote(try self.readVote())
    case .entries: record = .entries(try self.readEntryBlock())
    case .truncate: record = .truncate(after: try self.readOptionalLogID())
    case .purge: record = .purge(through: try self.readLogID())
    case .commitWatermark: record = .commitWatermark(try self.readLogID())
    case .snapshotInstalled:
      record = .snapshotInstalled(
        through: try self.readLogID(), contentHash: try self.readUInt64("a snapshot's hash"))
    case .seal: record = .seal
    case .cluster: record = .cluster(try self.readClusterID())
    case .index: record = .index(try self.readSegmentIndex())
    }
    try self.expectEnd(of: "a record's body")
    return record
  }
}
