internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The directory of the log's segments: where new ones are made, and old ones are let go.
///
/// A segment is written under another name first, with its header and the log's state; it gets its
/// name when that is synced. So a segment that has its name has its beginning too, or is damaged;
/// and since every segment repeats the state, those before it can go once their entries are purged.
///
/// Of those, some are kept as *spares* under names of their own: the next segment is written over
/// one of them, where the file system has nothing to do but to write the bytes. What a spare still
/// holds has another salt and smaller numbers, and is taken for nothing.
struct SegmentFolder: Sendable {
  /// A new segment.
  struct Made {
    let file: SegmentFile
    let encoder: SegmentEncoder
    /// Up to where all its bytes were written.
    let preparedEnd: Int
  }

  /// How far ahead of the records zeros are written.
  static let preparedSize = 1 << 19
  /// How many segments are kept for use again.
  static let spareCount = 2

  let layout: FolderLayout
  let fileSystem: any FileSystem
  let node: NodeID
  let incarnation: Incarnation
  let allocation: SegmentAllocation
  let segmentSize: Int
  /// The paths of the spares.
  var spares: [String] = []

  /// Makes the segment of this number, in place of one that may have it, durably with its name.
  ///
  /// - Parameters:
  ///   - number: The segment's place in the row.
  ///   - state: What all records before the segment add up to.
  ///   - previousEnd: Where the segment before it ends, all of it synced; `nil` for the first one.
  ///   - previousIndexOffset: Where the index of the segment before it begins, if it has one.
  mutating func make(
    _ number: UInt64, state: LogState, previousEnd: SegmentPosition?, previousIndexOffset: Int?
  ) throws(FileError) -> Made {
    let header = SegmentHeader(
      node: self.node, incarnation: self.incarnation, cluster: state.cluster, number: number,
      salt: .random(in: .min ... .max), previousLogID: state.last, previousEnd: previousEnd,
      previousIndexOffset: previousIndexOffset)
    var encoder = SegmentEncoder(header)
    let prelude = Self.prelude(header, state: state, &encoder)
    let path = self.layout.segment(number)
    let spare = self.spares.popLast()
    let source = spare ?? FolderLayout.unfinished(path)
    let file = try self.fileSystem.open(source, spare == nil ? .createIfMissing : .readWrite)
    if spare == nil { try file.truncate(to: 0) }
    try file.write(prelude, at: 0)
    var preparedEnd = prelude.count
    if spare != nil {
      preparedEnd = max(preparedEnd, try file.size())
    } else if self.allocation == .prewritten {
      preparedEnd = max(preparedEnd, min(self.segmentSize, preparedEnd + Self.preparedSize))
      try file.writeZeros(prelude.count..<preparedEnd)
    }
    try file.sync()
    try self.fileSystem.rename(source, to: path)
    try self.fileSystem.syncDirectory(self.layout.log)
    encoder.noteSynced(through: encoder.position)
    return Made(
      file: SegmentFile(header, file: file, path: path, fileSystem: self.fileSystem),
      encoder: encoder, preparedEnd: preparedEnd)
  }

  /// Takes the segments from the log, for good once this returns.
  ///
  /// Nothing is written over a spare before the directory is synced: until then a power cut could
  /// give it back its name. A segment that somebody still reads is not kept. A gap that is left
  /// when only some of the names vanish lies before the first segment that counts.
  mutating func reclaim(_ segments: inout [SegmentFile]) throws(FileError) {
    for place in segments.indices {
      let path = segments[place].path
      if self.allocation == .prewritten, self.spares.count < Self.spareCount,
        isKnownUniquelyReferenced(&segments[place])
      {
        let spare = self.layout.spare(segments[place].header.number)
        try self.fileSystem.rename(path, to: spare)
        self.spares.append(spare)
      } else {
        try self.fileSystem.remove(path)
      }
    }
    try self.fileSystem.syncDirectory(self.layout.log)
  }

  /// The header, the state, and a seal that vouches for both.
  ///
  /// The seal speaks of a sync that is still to come; but nobody sees it before, for the segment
  /// has no name until then.
  private static func prelude(
    _ header: SegmentHeader, state: LogState, _ encoder: inout SegmentEncoder
  ) -> [UInt8] {
    var writer = ByteWriter(reserving: 1024)
    writer.write(bytes: header.encoded)
    for record in state.prelude { encoder.encode(record, into: &writer) }
    encoder.noteSynced(through: encoder.position)
    encoder.encode(.seal, into: &writer)
    return writer.takeBytes()
  }
}

extension File {
  /// Writes zeros over this range.
  func writeZeros(_ range: Range<Int>) throws(FileError) {
    guard !range.isEmpty else { return }
    let zeros = [UInt8](repeating: 0, count: min(range.count, 1 << 18))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(zeros.count, range.upperBound - offset)
      try self.write(count == zeros.count ? zeros : Array(zeros[..<count]), at: offset)
      offset += count
    }
  }
}
