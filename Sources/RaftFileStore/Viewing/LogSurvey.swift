internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Reads a log without changing it, and goes on behind damage as far as that makes sense; blocks.
struct LogSurvey {
  /// A segment whose header could be read.
  private struct Surveyed {
    let segment: SegmentFile
    let index: SegmentIndex
    let source: DiskIndex.Source
    /// The place of its row in the inspection.
    let row: Int
  }

  private static let stretch = 1 << 18

  private let layout: FolderLayout
  private let fileSystem: any FileSystem
  private let identity: Result<FolderIdentity?, StorageError>
  private(set) var inspection: LogInspection
  /// Where the entries are.
  private(set) var disk = DiskIndex()
  private var surveyed: [Surveyed] = []
  /// Whether the state could be read with which the last segment begins.
  private var knowsState = false

  init(
    _ layout: FolderLayout, _ fileSystem: any FileSystem,
    _ identity: Result<FolderIdentity?, StorageError>, _ depth: InspectionDepth
  ) {
    self.layout = layout
    self.fileSystem = fileSystem
    self.identity = identity
    self.inspection = LogInspection(directory: layout.root, depth: depth)
  }

  /// Reads the log.
  ///
  /// - Throws: `StorageError` if the disk fails, or if a newer build wrote it.
  mutating func run() throws(StorageError) {
    let owner = self.takeIdentity()
    let names = try onDisk { () throws(FileError) in
      try self.fileSystem.status(of: self.layout.log) == nil
        ? nil : SegmentNames(try self.fileSystem.names(in: self.layout.log))
    }
    guard let names, !names.row.isEmpty else {
      return self.note(StoreDamage(self.layout.log, SegmentRow.isEmpty))
    }
    for number in names.forgotten { try self.list(self.layout.segment(number), .forgotten) }
    var opened: [SegmentFile?] = []
    for number in names.row { opened.append(try self.open(number, owner)) }
    for (place, segment) in opened.enumerated() {
      let isLast = place == opened.count - 1
      try self.list(self.layout.segment(names.row[place]), isLast ? .active : .sealed)
      guard let segment else { continue }
      try self.survey(segment, before: isLast ? nil : opened[place + 1])
      segment.release()
    }
    for name in names.spares {
      try self.list(FilePath.joining(self.layout.log, name), .spare)
    }
    for name in names.unfinished {
      try self.list(FilePath.joining(self.layout.log, name), .unfinished)
    }
    self.checkWhole(opened[0]?.header)
    self.arrange()
    try self.readMembership()
  }

  // MARK: Parts

  /// Whose segments are expected; `nil` if that cannot be read.
  private mutating func takeIdentity() -> FolderIdentity? {
    switch self.identity {
    case .success(let found?):
      self.inspection.node = found.node
      self.inspection.incarnation = found.incarnation
      self.inspection.cluster = found.cluster
      return found
    case .success(nil):
      self.note(StoreDamage(self.layout.identity, FolderOpening.isWithoutIdentity))
    case .failure(let error):
      self.note(StoreDamage(error, self.layout.identity))
    }
    return nil
  }

  private mutating func open(
    _ number: UInt64, _ owner: FolderIdentity?
  ) throws(StorageError) -> SegmentFile? {
    do throws(StorageError) {
      return try SegmentRow.open(number, .readOnly, in: self.layout, self.fileSystem, owner)
    } catch {
      guard error.kind == .corrupted else { throw error }
      self.note(StoreDamage(error, self.layout.segment(number), at: 0))
      return nil
    }
  }

  private mutating func list(
    _ path: String, _ use: SegmentInspection.Use
  ) throws(StorageError) {
    let size = try onDisk { () throws(FileError) in try self.fileSystem.status(of: path)?.size }
    self.inspection.segments.append(SegmentInspection(path, use, byteCount: size ?? 0))
  }

  private mutating func note(_ damage: StoreDamage) {
    self.inspection.damage.append(damage)
  }

  /// Reads a segment, or what it says of itself.
  private mutating func survey(
    _ segment: SegmentFile, before next: SegmentFile?
  ) throws(StorageError) {
    let row = self.inspection.segments.count - 1
    self.inspection.segments[row].version = Int(segment.header.version)
    let end = next?.header.previousEnd
    if let next, var damage = try SegmentRow.damage(of: segment, before: next) {
      // What can be read is read as if nothing followed.
      let (tail, _) = try self.scan(segment, through: nil, row)
      damage.lastReadable = tail.state.last
      damage.lost = Self.lost(behind: tail, before: next)
      self.note(damage)
      return self.take(tail, of: segment, row)
    }
    if self.inspection.depth == .summary, let end,
      let offset = next?.header.previousIndexOffset
    {
      do throws(StorageError) {
        let index = try segment.readIndex(at: offset, before: end)
        self.inspection.segments[row].recordsEnd = end.offset
        self.surveyed.append(
          Surveyed(segment: segment, index: index, source: .stored(at: offset), row: row))
        return
      } catch {
        guard error.kind == .corrupted else { throw error }
        self.note(StoreDamage(error, segment.path, at: offset))
      }
    }
    let (tail, verdict) = try self.scan(segment, through: end, row)
    try self.judge(verdict, tail, segment, row, before: next)
    self.take(tail, of: segment, row)
  }

  /// Reads all records of a segment; no verdict if one contradicts those before it.
  private mutating func scan(
    _ segment: SegmentFile, through end: SegmentPosition?, _ row: Int
  ) throws(StorageError) -> (tail: LogTailReading, verdict: SegmentVerdict?) {
    if self.inspection.depth == .everything {
      try onDisk { () throws(FileError) in try segment.file().dropCache() }
    }
    var tail = LogTailReading(segment.header)
    var place = SegmentHeader.size
    var hasOtherIndex = false
    defer { self.inspection.segments[row].recordsEnd = place }
    do throws(StorageError) {
      let verdict = try SegmentScan.run(segment, through: end, stretch: Self.stretch) {
        (scanned) throws(CodecError) in
        if scanned.kind == .index, case .index(let index) = try scanned.record() {
          hasOtherIndex = index != tail.index
        }
        try tail.take(scanned)
        place = scanned.header.end.offset
      }
      if hasOtherIndex {
        self.note(
          StoreDamage(
            segment.path, at: place, after: tail.state.last,
            "the index before it is not that of the records"))
      }
      return (tail, verdict)
    } catch {
      guard error.kind == .corrupted else { throw error }
      self.note(StoreDamage(error, segment.path, at: place, after: tail.state.last))
      return (tail, nil)
    }
  }

  private mutating func judge(
    _ verdict: SegmentVerdict?, _ tail: LogTailReading, _ segment: SegmentFile, _ row: Int,
    before next: SegmentFile?
  ) throws(StorageError) {
    guard let verdict else { return }
    switch verdict {
    case .clean: break
    case .torn(_, let leftover):
      if next == nil { self.inspection.segments[row].unfinishedEnd = leftover }
    case .damaged(let place, _, _):
      self.note(
        StoreDamage(
          segment.path, at: place.offset, after: tail.state.last,
          losing: Self.lost(behind: tail, before: next), verdict.description))
      return
    case .unreadable: throw .newerFormat(segment.path, verdict.description)
    }
    if tail.preludeEnd == nil, next == nil {
      self.note(
        StoreDamage(
          segment.path, at: SegmentHeader.size, after: tail.state.last,
          LogTailReading.stateIsLost(verdict)))
    }
  }

  /// The last segment that is read tells the state of the log.
  private mutating func take(_ tail: LogTailReading, of segment: SegmentFile, _ row: Int) {
    self.surveyed.append(
      Surveyed(segment: segment, index: tail.index, source: .atHand(tail.index.marks), row: row))
    self.knowsState = tail.preludeEnd != nil
    let state = tail.state
    self.inspection.vote = state.vote ?? self.inspection.vote
    self.inspection.purged = state.purged ?? self.inspection.purged
    self.inspection.committed = state.committed ?? self.inspection.committed
    self.inspection.cluster = state.cluster ?? self.inspection.cluster
    self.inspection.last = state.last
  }

  /// The entries behind what was read that another segment follows.
  private static func lost(
    behind tail: LogTailReading, before next: SegmentFile?
  ) -> ClosedRange<LogIndex>? {
    guard let last = next?.header.previousLogID?.index, tail.index.next <= last else { return nil }
    return tail.index.next...last
  }

  // MARK: The whole

  /// Finds out which entries of each segment are still part of the log.
  private mutating func arrange() {
    var parts: [DiskIndex.Part] = []
    var limit: LogIndex?
    for found in self.surveyed.reversed() {
      let end = limit.map { min($0, found.index.next) } ?? found.index.next
      if found.index.lowestNext < end, found.index.highest != nil {
        parts.append(
          DiskIndex.Part(
            segment: found.segment, first: found.index.lowestNext, next: end,
            source: found.source))
        self.inspection.segments[found.row].entries =
          found.index.lowestNext...(end.previous ?? 0)
      }
      limit = min(limit ?? found.index.lowestNext, found.index.lowestNext)
    }
    self.disk = DiskIndex(parts.reversed())
    self.disk.purge(upTo: self.inspection.purged.nextIndex)
  }

  /// Looks for what is wrong with the log as a whole.
  private mutating func checkWhole(_ first: SegmentHeader?) {
    for (found, next) in zip(self.surveyed, self.surveyed.dropFirst())
    where next.segment.header.number == found.segment.header.number + 1 {
      guard found.index.next != next.segment.header.previousLogID.nextIndex,
        !self.inspection.damage.contains(where: { $0.path == found.segment.path })
      else { continue }
      self.note(StoreDamage(next.segment.path, at: 0, SegmentRow.isDisconnected))
    }
    if let first, !self.knowsState {
      // What was purged is not known; the log cannot begin before its files.
      self.inspection.purged = first.previousLogID
    } else if let first,
      let damage = LogRecovery.missing(
        before: first.previousLogID, behind: self.inspection.purged, in: self.layout)
    {
      self.note(damage)
    }
    guard case .success(let identity?) = self.identity, let cluster = identity.cluster,
      self.inspection.damage.isEmpty, let own = self.inspection.cluster, !cluster.admits(own)
    else { return }
    self.note(
      StoreDamage(
        self.layout.log, "it belongs to cluster \(own), the node to \(cluster)"))
  }

  /// Reads the newest membership entry, if it is there and can be read.
  private mutating func readMembership() throws(StorageError) {
    let ranges = self.inspection.segments
    for found in self.surveyed.reversed() {
      guard let entries = ranges[found.row].entries else { continue }
      guard let index = found.index.memberships.last(where: { entries.contains($0) }),
        index >= self.inspection.purged.nextIndex
      else { continue }
      do throws(StorageError) {
        let read = LogRead(first: index, last: index, byteLimit: 0)
        let slices = try read.readBack(self.disk.spans(from: index, through: index))
        if let slice = slices.first, let membership = slice.run.membership {
          self.inspection.membership = LoggedMembership(
            logID: slice.lastLogID, membership: membership)
        }
      } catch {
        guard error.kind == .corrupted else { throw error }
        self.note(StoreDamage(error, found.segment.path, losing: index...index))
      }
      return
    }
  }
}
