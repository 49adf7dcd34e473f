internal import Raft
internal import RaftCodec
internal import RaftFiles

/// What a log's files hold, and where its writer goes on.
struct RecoveredLog: Sendable {
  var identity: FolderIdentity
  var folder: SegmentFolder
  var state: LogState
  var index: EntryIndex
  var segments: [LogWriter.Segment]
  /// What the records of the last segment add up to.
  var lastIndex: SegmentIndex
  var encoder: SegmentEncoder
  /// Where the records end with which the last segment began.
  var preludeEnd: Int
  /// Whether the last record is a seal.
  var isSealed: Bool
}

/// Reads a log from its files, and repairs what an interrupted write left at its end.
///
/// Nothing that was ever acknowledged is cut off: whatever is known to have been synced and cannot
/// be read is damage, which is refused. Only the last segment is read: it begins with the state of
/// the log, and each other one ends with an index. What is damaged there is found when it is read.
struct LogRecovery {
  private let folder: SegmentFolder
  private let identity: FolderIdentity
  private var state = LogState()
  /// What the records of the last segment add up to.
  private var lastIndex = SegmentIndex(continuing: nil)
  /// Where the last segment's prelude ends; `nil` until that was read.
  private var preludeEnd: SegmentPosition?
  /// What its last record knew to be synced.
  private var syncedEnd = SegmentHeader.size
  /// What its last record was about.
  private var lastKind: LogRecord.Kind?

  init(folder: SegmentFolder, identity: FolderIdentity) {
    self.folder = folder
    self.identity = identity
  }

  /// Reads the log, makes its end durable, and says how to go on.
  mutating func run() throws(StorageError) -> RecoveredLog {
    let row = try SegmentRow(self.folder, self.identity)
    let last = row.segments[row.segments.count - 1]
    let verdict = try self.readLast(last)
    let (parts, highest) = try self.parts(of: row)
    let purged = self.state.purged
    let base = row.segments[0].header.previousLogID
    guard base.nextIndex <= purged.nextIndex else {
      throw .damaged(
        self.folder.layout.log,
        "entries \(purged.nextIndex) to \(base?.index ?? 0) are missing: the segments that held "
          + "them are gone")
    }
    var disk = DiskIndex(parts, currentMarks: self.lastIndex.marks)
    disk.purge(upTo: purged.nextIndex)
    try self.removeForgotten(row)
    let segments = zip(row.segments, highest).map { LogWriter.Segment(file: $0, highest: $1) }
    var recovered = RecoveredLog(
      identity: self.identity, folder: self.folder, state: self.state,
      index: EntryIndex(base: purged, last: self.state.last, disk: disk), segments: segments,
      lastIndex: self.lastIndex, encoder: SegmentEncoder(last.header),
      preludeEnd: self.preludeEnd?.offset ?? 0, isSealed: self.lastKind == .seal)
    try self.mend(last, verdict, &recovered)
    return recovered
  }

  // MARK: Segments that others follow

  /// Which entries are in which segment, and the largest index ever written to each.
  private func parts(
    of row: SegmentRow
  ) throws(StorageError) -> ([DiskIndex.Part], [LogIndex?]) {
    let last = row.segments[row.segments.count - 1]
    var highest = [self.lastIndex.highest]
    var parts: [DiskIndex.Part] = []
    // What later segments cut off of earlier ones is known only from the end on.
    var limit = self.lastIndex.lowestNext
    if limit < self.lastIndex.next, self.lastIndex.highest != nil {
      parts.append(
        DiskIndex.Part(
          segment: last, first: limit, next: self.lastIndex.next, source: .current))
    }
    for (segment, next) in zip(row.segments, row.segments.dropFirst()).reversed() {
      let (index, source) = try self.index(of: segment, before: next)
      guard index.next == next.header.previousLogID.nextIndex else {
        throw .damaged(next.path, "it does not continue the log where the last segment ends it")
      }
      highest.append(index.highest)
      let end = min(index.next, limit)
      if index.lowestNext < end, index.highest != nil {
        parts.append(
          DiskIndex.Part(
            segment: segment, first: index.lowestNext, next: end, source: source))
      }
      limit = min(limit, index.lowestNext)
    }
    return (parts.reversed(), highest.reversed())
  }

  /// What the records of a segment add up to that another one follows.
  private func index(
    of segment: SegmentFile, before next: SegmentFile
  ) throws(StorageError) -> (SegmentIndex, DiskIndex.Source) {
    if let offset = next.header.previousIndexOffset {
      let index = try segment.readIndex(at: offset, before: next.header.previousEnd)
      segment.release()
      return (index, .stored(at: offset))
    }
    // Written by an earlier version.
    var index = SegmentIndex(continuing: segment.header.previousLogID)
    let verdict = try SegmentScan.run(segment, through: next.header.previousEnd) {
      (scanned) throws(CodecError) in try index.take(scanned)
    }
    let last = index.next.previous.map { LogID(term: 0, node: 0, index: $0) }
    _ = try SegmentScan.end(of: segment, verdict, after: last)
    segment.release()
    return (index, .atHand(index.marks))
  }

  /// Removes the segments that were purged before.
  private func removeForgotten(_ row: SegmentRow) throws(StorageError) {
    guard !row.forgotten.isEmpty else { return }
    try onDisk { () throws(FileError) in
      for path in row.forgotten { try self.folder.fileSystem.remove(path) }
      try self.folder.fileSystem.syncDirectory(self.folder.layout.log)
    }
  }

  // MARK: The last segment

  /// Reads the last segment, and with it the state of the log.
  private mutating func readLast(_ segment: SegmentFile) throws(StorageError) -> SegmentVerdict {
    self.state.last = segment.header.previousLogID
    self.state.cluster = segment.header.cluster
    self.lastIndex = SegmentIndex(continuing: segment.header.previousLogID)
    let verdict = try SegmentScan.run(segment, through: nil) { (scanned) throws(CodecError) in
      try self.take(scanned)
    }
    _ = try SegmentScan.end(of: segment, verdict, after: self.state.last)
    // The prelude was synced before the file got its name.
    guard self.preludeEnd != nil else {
      throw .damaged(segment.path, "the log's state, with which it began, is lost (\(verdict))")
    }
    return verdict
  }

  private mutating func take(_ scanned: ScannedRecord) throws(CodecError) {
    self.syncedEnd = scanned.header.syncedEnd
    self.lastKind = scanned.kind
    try self.lastIndex.take(scanned)
    if scanned.kind == .entries {
      self.state.append(try scanned.entryRun())
    } else {
      self.state.apply(try scanned.record())
    }
    if scanned.kind == .seal { self.preludeEnd = self.preludeEnd ?? scanned.header.end }
  }

  /// Cuts off what follows the last record, and makes everything before durable.
  ///
  /// The last batch may be in the system's memory only, and a sync that failed before this start
  /// may have made the system forget that: it is written anew, so that the sync here means
  /// something. A last segment without writes is made anew for the same reason: its name may be
  /// such a leftover.
  private func mend(
    _ segment: SegmentFile, _ verdict: SegmentVerdict, _ recovered: inout RecoveredLog
  ) throws(StorageError) {
    let end = try SegmentScan.end(of: segment, verdict, after: self.state.last)
    guard end != self.preludeEnd else {
      return try self.replace(segment, &recovered)
    }
    try onDisk { () throws(FileError) in
      let file = try segment.file()
      if case .torn(_, let leftoverEnd) = verdict {
        try file.writeZeros(end.offset..<max(end.offset, leftoverEnd))
      }
      if self.folder.allocation == .asWritten { try file.truncate(to: end.offset) }
      let unsure = min(self.syncedEnd, end.offset)..<end.offset
      let bytes = try file.read(exactly: unsure.count, at: unsure.lowerBound)
      try file.write(bytes, at: unsure.lowerBound)
      try file.sync()
    }
    recovered.encoder = SegmentEncoder(segment.header, resumingAt: end)
  }

  private func replace(
    _ segment: SegmentFile, _ recovered: inout RecoveredLog
  ) throws(StorageError) {
    let header = segment.header
    var folder = recovered.folder
    let made = try onDisk { () throws(FileError) in
      try folder.make(
        header.number, state: self.state, previousEnd: header.previousEnd,
        previousIndexOffset: header.previousIndexOffset)
    }
    segment.release()
    recovered.folder = folder
    recovered.segments[recovered.segments.count - 1] = LogWriter.Segment(file: made.file)
    recovered.lastIndex = SegmentIndex(continuing: self.state.last)
    recovered.encoder = made.encoder
    recovered.preludeEnd = made.encoder.position.offset
    recovered.isSealed = true
  }
}

extension SegmentIndex {
  /// Takes in a record that was read.
  fileprivate mutating func take(_ scanned: ScannedRecord) throws(CodecError) {
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
