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
  private let reserve: DiskReserve

  init(folder: SegmentFolder, identity: FolderIdentity, reserve: DiskReserve) {
    self.folder = folder
    self.identity = identity
    self.reserve = reserve
  }

  /// Reads the log, makes its end durable, and says how to go on.
  func run() throws(StorageError) -> RecoveredLog {
    let row = try SegmentRow(self.folder, self.identity)
    let last = row.segments[row.segments.count - 1]
    let (tail, verdict) = try self.readLast(last)
    let (parts, highest) = try self.parts(of: row, tail.index)
    let purged = tail.state.purged
    let base = row.segments[0].header.previousLogID
    if let damage = Self.missing(before: base, behind: purged, in: self.folder.layout) {
      throw StorageError(damage)
    }
    var disk = DiskIndex(parts, currentMarks: tail.index.marks)
    disk.purge(upTo: purged.nextIndex)
    try self.removeForgotten(row)
    let segments = zip(row.segments, highest).map { LogWriter.Segment(file: $0, highest: $1) }
    var recovered = RecoveredLog(
      identity: self.identity, folder: self.folder, state: tail.state,
      index: EntryIndex(base: purged, last: tail.state.last, disk: disk), segments: segments,
      lastIndex: tail.index, encoder: SegmentEncoder(last.header),
      preludeEnd: tail.preludeEnd?.offset ?? 0, isSealed: tail.lastKind == .seal)
    try self.mend(last, tail, verdict, &recovered)
    return recovered
  }

  /// Entries behind what is purged that lie before all segments.
  static func missing(
    before base: LogID?, behind purged: LogID?, in layout: FolderLayout
  ) -> StoreDamage? {
    guard let base, purged.nextIndex <= base.index else { return nil }
    return StoreDamage(
      layout.log, losing: purged.nextIndex...base.index,
      "entries \(purged.nextIndex) to \(base.index) are missing: the segments that held them are "
        + "gone")
  }

  // MARK: Segments that others follow

  /// Which entries are in which segment, and the largest index ever written to each.
  private func parts(
    of row: SegmentRow, _ lastIndex: SegmentIndex
  ) throws(StorageError) -> ([DiskIndex.Part], [LogIndex?]) {
    let last = row.segments[row.segments.count - 1]
    var highest = [lastIndex.highest]
    var parts: [DiskIndex.Part] = []
    // What later segments cut off of earlier ones is known only from the end on.
    var limit = lastIndex.lowestNext
    if limit < lastIndex.next, lastIndex.highest != nil {
      parts.append(
        DiskIndex.Part(segment: last, first: limit, next: lastIndex.next, source: .current))
    }
    for (segment, next) in zip(row.segments, row.segments.dropFirst()).reversed() {
      let (index, source) = try self.index(of: segment, before: next)
      guard index.next == next.header.previousLogID.nextIndex else {
        throw .damaged(next.path, SegmentRow.isDisconnected)
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
  private func readLast(
    _ segment: SegmentFile
  ) throws(StorageError) -> (tail: LogTailReading, SegmentVerdict) {
    var tail = LogTailReading(segment.header)
    let verdict = try SegmentScan.run(segment, through: nil) { (scanned) throws(CodecError) in
      try tail.take(scanned)
    }
    _ = try SegmentScan.end(of: segment, verdict, after: tail.state.last)
    // The prelude was synced before the file got its name.
    guard tail.preludeEnd != nil else {
      throw .damaged(segment.path, LogTailReading.stateIsLost(verdict))
    }
    return (tail, verdict)
  }

  /// Cuts off what follows the last record, and makes everything before durable.
  ///
  /// The last batch may be in the system's memory only, and a sync that failed before this start
  /// may have made the system forget that: it is written anew, so that the sync here means
  /// something. A last segment without writes is made anew for the same reason: its name may be
  /// such a leftover.
  private func mend(
    _ segment: SegmentFile, _ tail: LogTailReading, _ verdict: SegmentVerdict,
    _ recovered: inout RecoveredLog
  ) throws(StorageError) {
    let end = try SegmentScan.end(of: segment, verdict, after: tail.state.last)
    guard end != tail.preludeEnd else {
      return try self.replace(segment, &recovered)
    }
    try onDisk { () throws(FileError) in
      let file = try segment.file()
      if case .torn(_, let leftoverEnd) = verdict {
        try file.writeZeros(end.offset..<max(end.offset, leftoverEnd))
      }
      if self.folder.allocation == .asWritten { try file.truncate(to: end.offset) }
      let unsure = min(tail.syncedEnd, end.offset)..<end.offset
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
    var reserve = self.reserve
    let state = recovered.state
    let made = try onDisk { () throws(FileError) in
      try reserve.spending { () throws(FileError) in
        try folder.make(
          header.number, state: state, previousEnd: header.previousEnd,
          previousIndexOffset: header.previousIndexOffset)
      }
    }
    segment.release()
    recovered.folder = folder
    recovered.segments[recovered.segments.count - 1] = LogWriter.Segment(file: made.file)
    recovered.lastIndex = SegmentIndex(continuing: recovered.state.last)
    recovered.encoder = made.encoder
    recovered.preludeEnd = made.encoder.position.offset
    recovered.isSealed = true
  }
}
