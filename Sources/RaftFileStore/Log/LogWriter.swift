internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The writing end of the log; used on the log's thread alone.
///
/// After an error it must not be used again: what became of the bytes written last is unknown.
struct LogWriter: Sendable {
  /// A segment of the log, with what must be known to let go of it.
  struct Segment: Sendable {
    let file: SegmentFile
    /// The largest index of all entries ever written to it, cut off or not.
    var highest: LogIndex?
  }

  /// Written at once at the most; one sync covers any number of such pieces.
  private static let bufferSize = 4 << 20

  private let maker: SegmentMaker
  private let segmentSize: Int
  private var identity: FolderIdentity
  private var state: LogState
  private var encoder: SegmentEncoder
  /// All segments, in order; the last one is being written.
  private var segments: [Segment]
  /// Encoded records that are not yet in the file, which end at the encoder's position.
  private var buffer = ByteWriter()
  /// Whether nothing follows the last seal.
  private var isSealed: Bool

  /// A writer that goes on where recovery ended.
  init(_ recovered: RecoveredLog, maker: SegmentMaker, segmentSize: Int) {
    self.maker = maker
    self.segmentSize = segmentSize
    self.identity = recovered.identity
    self.state = recovered.state
    self.encoder = recovered.encoder
    self.segments = recovered.segments
    self.isSealed = recovered.isSealed
  }

  private var current: SegmentFile { self.segments[self.segments.count - 1].file }

  /// Writes the batch and makes it durable; returns where its entries are.
  mutating func commit(
    _ batch: LogBatch
  ) throws(StorageError) -> [(ticket: UInt64, place: RecordPlace)] {
    if self.encoder.position.offset >= self.segmentSize { try self.beginSegment() }
    var places: [(ticket: UInt64, place: RecordPlace)] = []
    places.reserveCapacity(batch.operations.count)
    for operation in batch.operations {
      try self.admit(operation)
      let range = try self.write(operation.record)
      guard case .entries(let slice, let ticket) = operation else { continue }
      places.append((ticket, RecordPlace(segment: self.current, range: range)))
      let segment = self.segments.count - 1
      self.segments[segment].highest = max(self.segments[segment].highest ?? 0, slice.last)
    }
    if let watermark = batch.watermark { _ = try self.write(.commitWatermark(watermark)) }
    try self.sync()
    try self.recordCluster()
    return places
  }

  /// Confirms that everything before is synced, by a mark that needs no sync itself.
  mutating func seal() throws(StorageError) {
    guard !self.isSealed else { return }
    _ = try self.write(.seal)
    try self.flush()
    self.isSealed = true
  }

  /// Seals the log durably and lets go of its files.
  mutating func close() throws(StorageError) {
    defer { for segment in self.segments { segment.file.file.close() } }
    guard !self.isSealed else { return }
    try self.seal()
    try self.sync()
  }

  /// Removes the segments whose entries are all durably purged, from the oldest on.
  ///
  /// Each removal is synced before the next, so that no crash leaves a gap between segments.
  mutating func reclaim() throws(StorageError) {
    guard let purged = self.state.purged else { return }
    while self.segments.count > 1, self.segments[0].highest ?? 0 <= purged.index {
      let path = self.segments.removeFirst().file.path
      try onDisk { () throws(FileError) in
        try self.maker.fileSystem.remove(path)
        try self.maker.fileSystem.syncDirectory(self.maker.layout.log)
      }
    }
  }

  /// Begins the next segment, whose header vouches for the whole of this one.
  private mutating func beginSegment() throws(StorageError) {
    // A seal needs no sync itself, so it may still be on its way to the disk.
    if self.encoder.synced != self.encoder.position { try self.sync() }
    let number = self.current.header.number + 1
    let (file, encoder) = try onDisk { () throws(FileError) in
      try self.maker.make(number, state: self.state, previousEnd: self.encoder.position)
    }
    self.segments.append(Segment(file: file))
    self.encoder = encoder
    self.isSealed = true
  }

  /// Refuses what contradicts the log.
  private func admit(_ operation: LogOperation) throws(StorageError) {
    guard case .adopt(let cluster) = operation, let own = self.state.cluster,
      !own.admits(cluster)
    else { return }
    throw StorageError(
      .foreign,
      "the data in \(self.maker.layout.root) belongs to cluster \(own) for good: give the node a "
        + "new directory to let it join cluster \(cluster)")
  }

  /// Encodes one record; returns where it will lie in the segment.
  private mutating func write(_ record: LogRecord) throws(StorageError) -> Range<Int> {
    let start = self.encoder.position.offset
    self.encoder.encode(record, into: &self.buffer)
    self.state.apply(record)
    self.isSealed = false
    if self.buffer.count >= Self.bufferSize { try self.flush() }
    return start..<self.encoder.position.offset
  }

  /// Writes the encoded records to the file.
  private mutating func flush() throws(StorageError) {
    guard self.buffer.count > 0 else { return }
    try onDisk { () throws(FileError) in
      try self.current.file.write(
        self.buffer.bytes, at: self.encoder.position.offset - self.buffer.count)
    }
    self.buffer.removeAll()
  }

  private mutating func sync() throws(StorageError) {
    try self.flush()
    try onDisk { () throws(FileError) in try self.current.file.sync() }
    self.encoder.noteSynced(through: self.encoder.position)
  }

  /// Repeats in the identity file which cluster the log belongs to.
  private mutating func recordCluster() throws(StorageError) {
    guard self.identity.cluster != self.state.cluster else { return }
    self.identity.cluster = self.state.cluster
    try onDisk { () throws(FileError) in
      try self.maker.fileSystem.replaceFile(
        at: self.maker.layout.identity, with: self.identity.encoded)
    }
  }
}
