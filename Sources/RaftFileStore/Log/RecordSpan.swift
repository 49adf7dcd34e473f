internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Records of entries that lie close together in one segment, and are read in one go.
struct RecordSpan: Sendable {
  /// Records that lie no further apart are read together with what lies between them.
  private static let largestGap = 4096

  /// The records.
  private(set) var pieces: [EntryIndex.Piece]
  private let segment: SegmentFile
  private var range: Range<Int>

  /// The spans in which these pieces lie; all of them have a place.
  static func cover(_ pieces: [EntryIndex.Piece]) -> [RecordSpan] {
    var spans: [RecordSpan] = []
    for piece in pieces {
      guard let place = piece.place else { preconditionFailure("\(piece) is not on the disk") }
      if spans.isEmpty || !spans[spans.count - 1].extend(to: piece, at: place) {
        spans.append(RecordSpan(pieces: [piece], segment: place.segment, range: place.range))
      }
    }
    return spans
  }

  /// Reads all bytes of the span; fewer if the file ends before.
  func readBytes() throws(StorageError) -> [UInt8] {
    try onDisk { () throws(FileError) in
      try self.segment.file.read(upTo: self.range.count, at: self.range.lowerBound)
    }
  }

  /// The entries of a piece, all that its record holds, checked.
  func entries(
    of piece: EntryIndex.Piece, in bytes: [UInt8]
  ) throws(StorageError) -> EntrySlice {
    guard let place = piece.place else { preconditionFailure("\(piece) is not on the disk") }
    let offset = place.range.lowerBound
    let block: EntryBlock
    do throws(CodecError) {
      let index = min(offset - self.range.lowerBound, bytes.count)
      let scanned = try ScannedRecord(
        at: index, of: bytes, offset: offset, salt: self.segment.header.salt)
      guard case .entries(let found) = try scanned.record(),
        found.run.leader == piece.leader, found.run.first <= piece.first,
        found.run.last >= piece.last
      else {
        throw CodecError(.invalid("another record is there"), in: "a record", at: offset)
      }
      block = found
    } catch {
      let damage = StorageError(error, in: self.segment.path)
      throw StorageError(
        damage.kind,
        "entries \(piece.first) to \(piece.last) of \(piece.leader) cannot be read from byte "
          + "\(offset) on: \(damage.message)")
    }
    return EntrySlice(EntryChunk(run: block.run, bytes: block.bytes, ends: block.ends))
  }

  private mutating func extend(to piece: EntryIndex.Piece, at place: RecordPlace) -> Bool {
    let gap = place.range.lowerBound - self.range.upperBound
    guard place.segment === self.segment, gap >= 0, gap <= Self.largestGap else { return false }
    self.range = self.range.lowerBound..<place.range.upperBound
    self.pieces.append(piece)
    return true
  }
}
