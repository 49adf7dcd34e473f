#if RocksDB
internal import Raft
internal import RaftCodec

/// The form of the rows of snapshots: each has a number, and under it a description, and pieces of
/// its content.
///
/// The description is written last: a number without one is an unfinished snapshot.
enum SnapshotRow {
  /// The content is cut into pieces of this many bytes.
  static let pieceSize = 256 << 10
  /// A key behind all of them.
  static let end = Row.key(.max)

  /// The key of a snapshot's description, with which its rows begin.
  static func description(of number: UInt64) -> [UInt8] { Row.key(number) }

  /// The key of a piece, counted from 0.
  static func piece(_ place: UInt64, of number: UInt64) -> [UInt8] {
    Row.key(number) + Row.key(place)
  }
}

/// What is kept of a snapshot beside its content.
struct SnapshotDescriptionRow: Hashable, Sendable {
  let meta: SnapshotMeta
  let pieceCount: UInt64

  /// Writes the description.
  func write(to writer: inout ByteWriter) {
    writer.write(self.pieceCount)
    writer.write(self.meta)
  }

  /// A description.
  init(meta: SnapshotMeta, pieceCount: UInt64) {
    self.meta = meta
    self.pieceCount = pieceCount
  }

  /// Reads a description.
  init(from reader: inout ByteReader) throws(CodecError) {
    self.pieceCount = try reader.readUInt64("the number of a snapshot's pieces")
    self.meta = try reader.readSnapshotMeta()
  }
}

extension WriteBatch {
  /// Removes everything of a snapshot.
  mutating func removeSnapshot(_ number: UInt64) {
    self.remove(
      from: SnapshotRow.description(of: number),
      upTo: SnapshotRow.description(of: number + 1), in: .snapshots)
  }
}
#endif
