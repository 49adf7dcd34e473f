internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Reads single records of a segment, and what lies behind them along with them.
struct RecordReader {
  private let segment: SegmentFile
  private let lookahead: Int
  private var bytes: [UInt8] = []
  private var offset = 0

  /// A reader that reads about this many bytes at once.
  init(_ segment: SegmentFile, lookahead: Int) {
    self.segment = segment
    self.lookahead = lookahead
  }

  /// The record that begins at this offset, checked.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if it is damaged.
  mutating func record(at place: Int) throws(StorageError) -> ScannedRecord {
    let index = try self.load(place, count: RecordHeader.size)
    do throws(CodecError) {
      return try self.scan(place, at: index)
    } catch {
      guard case .truncated(let needed, let available) = error.reason, needed > available else {
        throw StorageError(error, in: self.segment.path)
      }
      return try self.longRecord(at: place, length: needed)
    }
  }

  /// What stands in front of the record that begins at this offset, if that at least is sound.
  mutating func header(at place: Int) -> RecordHeader? {
    guard let index = try? self.load(place, count: RecordHeader.size) else { return nil }
    return try? RecordHeader(
      at: index, of: self.bytes, offset: place, salt: self.segment.header.salt)
  }

  /// A record that is longer than what was read along.
  private mutating func longRecord(
    at place: Int, length: Int
  ) throws(StorageError) -> ScannedRecord {
    let index = try self.load(place, count: length)
    do throws(CodecError) {
      return try self.scan(place, at: index)
    } catch {
      throw StorageError(error, in: self.segment.path)
    }
  }

  private func scan(_ place: Int, at index: Int) throws(CodecError) -> ScannedRecord {
    try ScannedRecord(
      at: index, of: self.bytes, offset: place, salt: self.segment.header.salt)
  }

  /// Makes sure that these bytes of the file are at hand, as far as it has them; their index.
  private mutating func load(_ place: Int, count: Int) throws(StorageError) -> Int {
    let end = self.offset + self.bytes.count
    if place >= self.offset, place + count <= end { return place - self.offset }
    self.bytes = try onDisk { () throws(FileError) in
      try self.segment.file().read(upTo: max(count, self.lookahead), at: place)
    }
    self.offset = place
    return 0
  }
}
