internal import Raft
internal import RaftCodec

/// What the records of the last segment tell, and with them the state of the whole log.
struct LogTailReading: Sendable {
  /// The state as of the last record read.
  private(set) var state = LogState()
  /// What the records add up to.
  private(set) var index: SegmentIndex
  /// Where the segment's prelude ends; `nil` until that was read.
  private(set) var preludeEnd: SegmentPosition?
  /// What the last record knew to be synced.
  private(set) var syncedEnd = SegmentHeader.size
  /// What the last record was about.
  private(set) var lastKind: LogRecord.Kind?

  /// A reading that begins behind this header.
  init(_ header: SegmentHeader) {
    self.state.last = header.previousLogID
    self.state.cluster = header.cluster
    self.index = SegmentIndex(continuing: header.previousLogID)
  }

  /// Takes in the next record.
  mutating func take(_ scanned: ScannedRecord) throws(CodecError) {
    self.syncedEnd = scanned.header.syncedEnd
    self.lastKind = scanned.kind
    try self.index.take(scanned)
    if scanned.kind == .entries {
      self.state.append(try scanned.entryRun())
    } else {
      self.state.apply(try scanned.record())
    }
    if scanned.kind == .seal { self.preludeEnd = self.preludeEnd ?? scanned.header.end }
  }

  /// What is said of a segment whose prelude cannot be read.
  static func stateIsLost(_ verdict: SegmentVerdict) -> String {
    "the log's state, with which it began, is lost (\(verdict))"
  }
}

extension SegmentIndex {
  /// Takes in a record that was read.
  mutating func take(_ scanned: ScannedRecord) throws(CodecError) {
    switch scanned.kind {
    case .entries:
      let run = try scanned.entryRun()
      guard run.first == self.next else {
        throw CodecError(
          .invalid("\(run) does not follow entry \(self.next.previous.map { "\($0)" } ?? "none")"),
          in: "a record of entries", at: scanned.header.offset)
      }
      self.append(run, at: scanned.header.offset)
    case .truncate, .purge:
      switch try scanned.record() {
      case .truncate(let last): self.truncate(after: last)
      case .purge(let logID): self.purge(through: logID)
      default: break
      }
    case .vote, .commitWatermark, .snapshotInstalled, .seal, .cluster, .index: break
    }
  }
}
