internal import RaftEngine

/// What a snapshot file says at its end: how long the content is, its hash, and in how many pieces.
struct SnapshotEnd: Hashable {
  static let size = 24

  let byteCount: UInt64
  let contentHash: UInt64
  let pieces: UInt32

  init(byteCount: UInt64, contentHash: UInt64, pieces: UInt32) {
    self.byteCount = byteCount
    self.contentHash = contentHash
    self.pieces = pieces
  }

  /// Reads the body of a file's last section, which begins at `offset` in the file.
  init(_ body: [UInt8], offset: Int) throws(CodecError) {
    let what = "a snapshot's end"
    var reader = ByteReader(body, in: 0..<body.count, origin: offset)
    self.byteCount = try reader.readUInt64(what)
    self.contentHash = try reader.readUInt64(what)
    self.pieces = try reader.readUInt32(what)
    try reader.readReserved(4, what)
    try reader.expectEnd(of: what)
  }

  var encoded: [UInt8] {
    var writer = ByteWriter(reserving: Self.size)
    writer.write(self.byteCount)
    writer.write(self.contentHash)
    writer.write(self.pieces)
    writer.write(zeros: 4)
    return writer.takeBytes()
  }

  /// What the snapshot stands for, with length and hash.
  func completing(_ meta: SnapshotMeta) -> SnapshotMeta {
    var meta = meta
    meta.byteCount = self.byteCount
    meta.contentHash = self.contentHash
    return meta
  }
}
