internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The writing end of the log; used on the log's thread alone.
///
/// After an error it must not be used again: what became of the bytes written last is unknown.
struct LogWriter: Sendable {
  /// A segment of the log, with what must be known to let go of it.
  struct Segment: Sendable {
    var file: SegmentFile
    /// The largest index of all entries ever written to it, cut off or not.
    var highest: LogIndex?
  }

  /// What a commit has made durable.
  struct Written: Sendable {
    /// A segment that was completed.
    struct Seal: Sendable {
      let segment: SegmentFile
      let indexOffset: Int
    }

    /// The segment that the entries are in.
    let segment: SegmentFile
    /// The numbers by which the entry index knows them.
    var tickets: [UInt64] = []
    /// The segments that were completed before.
    var seals: [Seal] = []
    /// The marks of the segment, if they have changed.
    var marks: SegmentMarks?
  }

  /// Written at once at the most; one sync covers any number of such pieces.
  ///
  /// So small that what is encoded is still in the processor's cache when the system copies it.
  private static let bufferSize = 1 << 18

  /// From how many bytes on the device may begin before the sync: with fewer it has better things to
  /// do than to be asked.
  private static let aheadSize = 1 << 20

  /// How often what arrived while a batch was being written is written too before the sync, and up to
  /// how many bytes: so that one sync serves many writers, and the first of them waits little longer.
  private static let joinCountMax = 4
  private static let joinSizeMax = 4 << 20

  /// Room for what ends a log: an index, or a seal.
  private static let margin = 1 << 14

  private var folder: SegmentFolder
  private var reserve: DiskReserve
  private let room: LogRoom
  private let segmentSize: Int
  private var identity: FolderIdentity
  private var state: LogState
  private var encoder: SegmentEncoder
  /// All segments, in order; the last one is being written.
  private var segments: [Segment]
  /// What the records of the last segment add up to.
  private var index: SegmentIndex
  /// The marks that the entry index knows.
  private var knownMarks: SegmentMarks
  /// Where the last segment's first records end, with which each segment begins.
  private var preludeEnd: Int
  /// Up to where the last segment's bytes were all written before.
  private var preparedEnd: Int
  /// Up to where the device has been asked to begin, or what is before is synced.
  private var aheadEnd: Int
  /// Encoded records that are not yet in the file, which end at the encoder's position.
  private var buffer = ByteWriter(reserving: Self.bufferSize)
  /// Whether nothing follows the last seal.
  private var isSealed: Bool

  /// A writer that goes on where recovery ended.
  init(
    _ recovered: RecoveredLog, segmentSize: Int, reserve: DiskReserve, room: LogRoom
  ) throws(StorageError) {
    self.folder = recovered.folder
    self.reserve = reserve
    self.room = room
    self.segmentSize = segmentSize
    self.identity = recovered.identity
    self.state = recovered.state
    self.encoder = recovered.encoder
    self.segments = recovered.segments
    self.index = recovered.lastIndex
    self.knownMarks = recovered.lastIndex.marks
    self.preludeEnd = recovered.preludeEnd
    self.preparedEnd = recovered.encoder.position.offset
    self.aheadEnd = self.preparedEnd
    self.isSealed = recovered.isSealed
    try self.lookForRoom()
  }

  private var current: SegmentFile { self.segments[self.segments.count - 1].file }

  /// Writes the batch and makes it durable; returns where its entries are.
  ///
  /// A segment whose room does not suffice is completed before.
  ///
  /// - Parameter more: Takes what has arrived meanwhile, if that is no longer than so many bytes; it
  ///   becomes durable with the batch.
  mutating func commit(
    _ batch: inout LogBatch, joinedBy more: (_ sizeMax: Int) -> LogBatch?
  ) throws(StorageError) -> Written {
    if self.room.isShort { try self.lookForRoom() }
    var seals: [Written.Seal] = []
    let start = self.encoder.position.offset
    let size = batch.estimatedSize
    if start > self.preludeEnd, start + size > self.segmentSize {
      seals.append(try self.beginSegment())
    }
    try self.prepare(for: size)
    var written = Written(segment: self.current, seals: seals)
    written.tickets.reserveCapacity(batch.operations.count)
    try self.write(batch, &written)
    let end = min(self.segmentSize, self.encoder.position.offset + Self.joinSizeMax)
    for _ in 0..<Self.joinCountMax {
      guard let next = more(end - self.encoder.position.offset) else { break }
      batch.completion = next.completion ?? batch.completion
      try self.prepare(for: next.estimatedSize)
      try self.write(next, &written)
    }
    try self.sync()
    try self.recordCluster()
    if self.knownMarks != self.index.marks {
      self.knownMarks = self.index.marks
      written.marks = self.knownMarks
    }
    return written
  }

  /// Confirms that everything before is synced, by a mark that needs no sync itself.
  mutating func seal() throws(StorageError) {
    guard !self.isSealed else { return }
    try self.write(.seal)
    try self.flush()
    self.isSealed = true
  }

  /// Seals the log durably and lets go of its files.
  mutating func close() throws(StorageError) {
    defer { for segment in self.segments { segment.file.release() } }
    guard !self.isSealed else { return }
    try self.seal()
    try self.sync()
  }

  /// What the records of the segment add up to that is being written.
  var currentIndex: (segment: SegmentFile, index: SegmentIndex) { (self.current, self.index) }

  /// The next segment behind the one of this number that another one follows, and where it ends.
  func completeSegment(after number: UInt64?) -> (segment: SegmentFile, end: SegmentPosition)? {
    for (segment, next) in zip(self.segments, self.segments.dropFirst()) {
      guard number.map({ segment.file.header.number > $0 }) ?? true else { continue }
      return next.file.header.previousEnd.map { (segment.file, $0) }
    }
    return nil
  }

  /// Lets go of the segments whose entries are all durably purged, from the oldest on.
  mutating func reclaim() throws(StorageError) {
    guard let purged = self.state.purged else { return }
    var gone: [SegmentFile] = []
    while self.segments.count > 1, self.segments[0].highest ?? 0 <= purged.index {
      gone.append(self.segments.removeFirst().file)
    }
    guard !gone.isEmpty else { return }
    let folder = self.folder
    self.folder = try onDisk { () throws(FileError) in
      var folder = folder
      try folder.reclaim(&gone)
      return folder
    }
  }

  /// Completes the segment and begins the next one, whose header vouches for the whole of it.
  private mutating func beginSegment() throws(StorageError) -> Written.Seal {
    let indexOffset = self.encoder.position.offset
    try self.write(.index(self.index))
    try self.sync()
    let seal = Written.Seal(segment: self.current, indexOffset: indexOffset)
    let number = self.current.header.number + 1
    let (folder, made) = try self.spendingReserve { (writer) throws(FileError) in
      var folder = writer.folder
      let made = try folder.make(
        number, state: writer.state, previousEnd: writer.encoder.position,
        previousIndexOffset: indexOffset)
      return (folder, made)
    }
    self.folder = folder
    self.current.release()
    self.segments.append(Segment(file: made.file))
    self.encoder = made.encoder
    self.index = SegmentIndex(continuing: self.state.last)
    self.knownMarks = SegmentMarks()
    self.preludeEnd = made.encoder.position.offset
    self.aheadEnd = self.preludeEnd
    self.preparedEnd = made.preparedEnd
    self.isSealed = true
    return seal
  }

  /// Encodes the records of a batch.
  private mutating func write(_ batch: LogBatch, _ written: inout Written) throws(StorageError) {
    for operation in batch.operations {
      try self.admit(operation)
      try self.write(operation.record)
      if case .entries(_, let ticket) = operation { written.tickets.append(ticket) }
    }
    if let watermark = batch.watermark { try self.write(.commitWatermark(watermark)) }
  }

  /// Refuses what contradicts the log.
  private func admit(_ operation: LogOperation) throws(StorageError) {
    guard case .adopt(let cluster) = operation, let own = self.state.cluster,
      !own.admits(cluster)
    else { return }
    throw StorageError(
      .foreign,
      "the data in \(self.folder.layout.root) belongs to cluster \(own) for good: give the node a "
        + "new directory to let it join cluster \(cluster)")
  }

  /// Encodes one record.
  private mutating func write(_ record: LogRecord) throws(StorageError) {
    let start = self.encoder.position.offset
    self.encoder.encode(record, into: &self.buffer)
    self.state.apply(record)
    self.index.apply(record, at: start)
    if case .entries(let block) = record {
      let segment = self.segments.count - 1
      self.segments[segment].highest = max(
        self.segments[segment].highest ?? 0, block.run.last)
    }
    self.isSealed = false
    if self.buffer.count >= Self.bufferSize { try self.flush(.ahead) }
  }

  private enum Flushing {
    /// The sync comes next.
    case last
    /// More comes before the sync: the device may begin meanwhile.
    case ahead
  }

  /// Writes the encoded records to the file.
  private mutating func flush(_ flushing: Flushing = .last) throws(StorageError) {
    guard self.buffer.count > 0 else { return }
    let end = self.encoder.position.offset
    try onDisk { () throws(FileError) in
      let file = try self.current.file()
      try file.write(self.buffer.bytes, at: end - self.buffer.count)
      if flushing == .ahead, end - self.aheadEnd >= Self.aheadSize {
        try file.beginWriting(self.aheadEnd..<end)
      }
    }
    if end - self.aheadEnd >= Self.aheadSize { self.aheadEnd = end }
    self.buffer.removeAll()
  }

  private mutating func sync() throws(StorageError) {
    try self.flush()
    try onDisk { () throws(FileError) in try self.current.file().sync() }
    self.encoder.noteSynced(through: self.encoder.position)
    self.aheadEnd = self.encoder.position.offset
    self.preparedEnd = max(self.preparedEnd, self.encoder.position.offset)
  }

  /// Makes sure that there is room for so many bytes of records, and for the few that end a log.
  ///
  /// Zeros are written ahead, which the next sync covers: a sync of bytes that were written before
  /// is several times cheaper, for the file system has nothing of its own to write. Large writes are
  /// not worth it: they would be written twice. So the disk is found to be full before anything of
  /// a batch is written.
  private mutating func prepare(for size: Int) throws(StorageError) {
    let start = self.encoder.position.offset
    let end = start + size + min(Self.margin, self.segmentSize / 4)
    guard self.folder.allocation == .prewritten else {
      return try self.expectRoom(for: end - start)
    }
    guard end > self.preparedEnd else { return }
    let goal = max(end, min(start + SegmentFolder.preparedSize, self.segmentSize))
    let isLarge = size >= SegmentFolder.preparedSize / 2
    try self.spendingReserve { (writer) throws(FileError) in
      let file = try writer.current.file()
      if isLarge {
        try file.preallocate(to: end, .reserved)
      } else {
        try file.writeZeros(max(start, writer.preparedEnd)..<goal)
      }
    }
    if !isLarge { self.preparedEnd = goal }
    try self.noteRoom()
  }

  // MARK: Room on the disk

  /// Does something that takes space, once more with the reserve's if there is no other.
  private mutating func spendingReserve<Value>(
    _ body: (LogWriter) throws(FileError) -> Value
  ) throws(StorageError) -> Value {
    var reserve = self.reserve
    let writer = self
    defer {
      if self.reserve.isHeld, !reserve.isHeld { self.room.isShort = true }
      self.reserve = reserve
    }
    return try onDisk { () throws(FileError) in
      try reserve.spending { () throws(FileError) in try body(writer) }
    }
  }

  /// Gives the reserve back before a file grows by this much, if the disk has no other space.
  private mutating func expectRoom(for byteCount: Int) throws(StorageError) {
    guard try onDisk({ () throws(FileError) in try self.reserve.isDiskLow(before: byteCount) })
    else { return }
    self.room.isShort = true
    try onDisk { () throws(FileError) in
      let available = try self.folder.fileSystem.availableBytes(at: self.folder.layout.root)
      if available < byteCount { _ = try self.reserve.release() }
    }
  }

  /// Notes if the disk has become low.
  private func noteRoom() throws(StorageError) {
    let isLow = try onDisk { () throws(FileError) in try self.reserve.isDiskLow() }
    if isLow { self.room.isShort = true }
  }

  /// Looks if there is room for entries, and takes the reserve again.
  mutating func lookForRoom() throws(StorageError) {
    defer { self.room.endLooking() }
    self.room.isShort = try onDisk { () throws(FileError) in
      guard try self.reserve.take() else { return true }
      return try self.reserve.isDiskLow(before: self.room.isShort ? self.reserve.size / 2 : 0)
    }
  }

  /// Repeats in the identity file which cluster the log belongs to.
  private mutating func recordCluster() throws(StorageError) {
    guard self.identity.cluster != self.state.cluster else { return }
    self.identity.cluster = self.state.cluster
    try self.spendingReserve { (writer) throws(FileError) in
      try writer.folder.fileSystem.replaceFile(
        at: writer.folder.layout.identity, with: writer.identity.encoded)
    }
  }
}

extension SegmentIndex {
  /// Takes in one record, which begins at this offset.
  fileprivate mutating func apply(_ record: LogRecord, at offset: Int) {
    switch record {
    case .entries(let block): self.append(block.run, at: offset)
    case .truncate(let last): self.truncate(after: last)
    case .purge(let logID): self.purge(through: logID)
    case .vote, .commitWatermark, .snapshotInstalled, .seal, .cluster, .index: break
    }
  }
}
