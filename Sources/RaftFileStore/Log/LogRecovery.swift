internal import Raft
internal import RaftCodec
internal import RaftFiles

/// What a log's files hold, and where its writer goes on.
struct RecoveredLog: Sendable {
  var identity: FolderIdentity
  var state: LogState
  var index: EntryIndex
  var segments: [LogWriter.Segment]
  var encoder: SegmentEncoder
  /// Whether the last record is a seal.
  var isSealed: Bool
}

/// Reads a log from its files, and repairs what an interrupted write left at its end.
///
/// Nothing that was ever acknowledged is cut off: whatever is known to have been synced and cannot
/// be read is damage, which is refused.
struct LogRecovery {
  private let maker: SegmentMaker
  private let identity: FolderIdentity
  private var state = LogState()
  private var index = EntryIndex()
  private var segments: [LogWriter.Segment] = []
  /// Segments that lie before a gap.
  private var forgotten: [String] = []
  /// Where the records end in the segment that was read last.
  private var end: SegmentPosition?
  /// Where its prelude ends; `nil` until that was read.
  private var preludeEnd: SegmentPosition?
  /// What its last record knew to be synced.
  private var syncedEnd = SegmentHeader.size
  /// What its last record was about.
  private var lastKind: LogRecord.Kind?

  init(maker: SegmentMaker, identity: FolderIdentity) {
    self.maker = maker
    self.identity = identity
  }

  /// Reads the log, makes its end durable, and says how to go on.
  mutating func run() throws(StorageError) -> RecoveredLog {
    let files = try self.openSegments()
    for (place, file) in files.enumerated() {
      let next = place + 1 < files.count ? files[place + 1] : nil
      try self.read(file, before: next)
    }
    try self.checkStart()
    try self.removeForgotten()
    let encoder = try self.mendEnd()
    return RecoveredLog(
      identity: self.identity, state: self.state, index: self.index, segments: self.segments,
      encoder: encoder, isSealed: self.end == self.preludeEnd || self.lastKind == .seal)
  }

  // MARK: Files

  /// Opens the segments, removes unfinished ones, and checks that they belong together.
  private mutating func openSegments() throws(StorageError) -> [SegmentFile] {
    let directory = self.maker.layout.log
    let names = try onDisk { () throws(FileError) in
      // Names that a process that ended left behind may not be durable yet.
      try self.maker.fileSystem.syncDirectory(directory)
      return try self.maker.fileSystem.names(in: directory)
    }
    for name in names where FolderLayout.isUnfinished(name) {
      let path = FilePath.joining(directory, name)
      try onDisk { () throws(FileError) in try self.maker.fileSystem.remove(path) }
    }
    let numbers = names.compactMap(FolderLayout.segmentNumber).sorted()
    guard !numbers.isEmpty else {
      throw .damaged(directory, "it holds no segment of the log, not even an empty one")
    }
    // A purged segment whose removal a power cut undid may lie before a gap. Whether the rest is
    // all there is to know, its first segment tells.
    let start = numbers.indices.last { $0 == 0 || numbers[$0 - 1] + 1 != numbers[$0] } ?? 0
    self.forgotten = numbers[..<start].map(self.maker.layout.segment)
    var files: [SegmentFile] = []
    for number in numbers[start...] { files.append(try self.openSegment(number)) }
    return files
  }

  /// Removes the segments that were purged before.
  private func removeForgotten() throws(StorageError) {
    guard !self.forgotten.isEmpty else { return }
    try onDisk { () throws(FileError) in
      for path in self.forgotten { try self.maker.fileSystem.remove(path) }
      try self.maker.fileSystem.syncDirectory(self.maker.layout.log)
    }
  }

  private func openSegment(_ number: UInt64) throws(StorageError) -> SegmentFile {
    let path = self.maker.layout.segment(number)
    let file = try onDisk { () throws(FileError) in
      try self.maker.fileSystem.open(path, .readWrite)
    }
    let bytes = try onDisk { () throws(FileError) in
      try file.read(upTo: SegmentHeader.size, at: 0)
    }
    let header: SegmentHeader
    do throws(CodecError) {
      header = try SegmentHeader(decoding: bytes)
    } catch {
      throw StorageError(error, in: path)
    }
    guard header.number == number else {
      throw .damaged(path, "it is segment \(header.number) under another name")
    }
    guard header.node == self.identity.node, header.incarnation == self.identity.incarnation else {
      throw StorageError(
        .foreign,
        "\(path) belongs to node \(header.node) in its life \(header.incarnation), the directory to "
          + "node \(self.identity.node) in its life \(self.identity.incarnation): put the files "
          + "back where they came from")
    }
    return SegmentFile(header, file: file, path: path)
  }

  // MARK: Records

  /// Reads one segment; `next` is the one that follows it.
  private mutating func read(
    _ segment: SegmentFile, before next: SegmentFile?
  ) throws(StorageError) {
    try self.begin(segment)
    let sealedEnd = try next.map { (next) throws(StorageError) in
      guard let end = next.header.previousEnd else {
        throw StorageError.damaged(next.path, "it says that no segment precedes it")
      }
      return end
    }
    let length = try onDisk { () throws(FileError) in try segment.file.size() }
    var scanner = SegmentScanner(segment.header, length: length, sealedEnd: sealedEnd)
    while true {
      switch scanner.next() {
      case .wants(let range):
        scanner.supply(
          try onDisk { () throws(FileError) in
            try segment.file.read(upTo: range.count, at: range.lowerBound)
          })
      case .record(let record):
        do throws(CodecError) {
          try self.take(record, of: segment)
        } catch {
          throw StorageError(error, in: segment.path)
        }
      case .end(let verdict):
        self.end = try self.judge(verdict, of: segment)
        return
      }
    }
  }

  private mutating func begin(_ segment: SegmentFile) throws(StorageError) {
    let header = segment.header
    if self.segments.isEmpty {
      self.state.last = header.previousLogID
      self.index = EntryIndex(base: header.previousLogID)
    } else if header.previousLogID != self.state.last {
      throw .damaged(segment.path, "it does not continue the log where the last segment ends it")
    }
    self.state.cluster = header.cluster ?? self.state.cluster
    self.segments.append(LogWriter.Segment(file: segment))
    self.preludeEnd = nil
    self.syncedEnd = SegmentHeader.size
    self.lastKind = nil
  }

  private mutating func take(
    _ scanned: ScannedRecord, of segment: SegmentFile
  ) throws(CodecError) {
    self.syncedEnd = scanned.header.syncedEnd
    self.lastKind = scanned.kind
    guard scanned.kind != .entries else { return try self.takeEntries(scanned, of: segment) }
    let record = try scanned.record()
    self.state.apply(record)
    switch record {
    case .truncate(let last): self.index.truncate(after: last)
    case .purge(let logID): self.index.purge(through: logID)
    case .seal: self.preludeEnd = self.preludeEnd ?? scanned.header.end
    case .vote, .entries, .commitWatermark, .snapshotInstalled, .cluster: break
    }
  }

  private mutating func takeEntries(
    _ scanned: ScannedRecord, of segment: SegmentFile
  ) throws(CodecError) {
    let header = scanned.header
    let run = try scanned.entryRun()
    guard run.first == self.index.last.nextIndex else {
      throw CodecError(
        .invalid("\(run) does not follow \(self.index.last.map { "\($0)" } ?? "nothing")"),
        in: "a record of entries", at: header.offset)
    }
    let range = header.offset..<(header.offset + header.recordLength)
    self.state.append(run)
    self.index.append(run, at: RecordPlace(segment: segment, range: range))
    let last = self.segments.count - 1
    self.segments[last].highest = max(self.segments[last].highest ?? 0, run.last)
  }

  /// Where the segment's records end, unless that is damage.
  private func judge(
    _ verdict: SegmentVerdict, of segment: SegmentFile
  ) throws(StorageError) -> SegmentPosition {
    let end: SegmentPosition
    switch verdict {
    case .clean(let position), .torn(let position, _): end = position
    case .unreadable: throw .newerFormat(segment.path, verdict.description)
    case .damaged: throw .damaged(segment.path, self.loss(verdict))
    @unknown default: throw .damaged(segment.path, self.loss(verdict))
    }
    // The prelude was synced before the file got its name.
    guard self.preludeEnd != nil else {
      throw .damaged(segment.path, "the log's state, with which it began, is lost (\(verdict))")
    }
    return end
  }

  private func loss(_ verdict: SegmentVerdict) -> String {
    let last = self.state.last.map { "entry \($0)" } ?? "the beginning"
    return "\(verdict); the log can be read up to \(last)"
  }

  // MARK: Ends

  /// Checks that nothing is missing before the first segment.
  private func checkStart() throws(StorageError) {
    guard self.index.base.nextIndex > self.state.purged.nextIndex else { return }
    throw .damaged(
      self.maker.layout.log,
      "entries \(self.state.purged.nextIndex) to \(self.index.base?.index ?? 0) are missing: the "
        + "segments that held them are gone")
  }

  /// Cuts off what follows the last record, and makes everything before durable.
  ///
  /// The last batch may be in the system's memory only, and a sync that failed before this start
  /// may have made the system forget that: it is written anew, so that the sync here means
  /// something. A last segment without writes is made anew for the same reason: its name may be
  /// such a leftover.
  private mutating func mendEnd() throws(StorageError) -> SegmentEncoder {
    let segment = self.segments[self.segments.count - 1].file
    guard let end = self.end else { preconditionFailure("no segment was read") }
    if end == self.preludeEnd {
      let (file, encoder) = try onDisk { () throws(FileError) in
        try self.maker.make(
          segment.header.number, state: self.state, previousEnd: segment.header.previousEnd)
      }
      segment.file.close()
      self.segments[self.segments.count - 1] = LogWriter.Segment(file: file)
      return encoder
    }
    try onDisk { () throws(FileError) in
      try segment.file.truncate(to: end.offset)
      let unsure = min(self.syncedEnd, end.offset)..<end.offset
      let bytes = try segment.file.read(exactly: unsure.count, at: unsure.lowerBound)
      try segment.file.write(bytes, at: unsure.lowerBound)
      try segment.file.sync()
    }
    return SegmentEncoder(segment.header, resumingAt: end)
  }
}
