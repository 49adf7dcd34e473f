/// The frame of each part of a snapshot file: 24 bytes that say what follows, how long, how sound.
struct SnapshotSection: Hashable, Sendable {
  /// What a section holds.
  enum Kind: UInt8, CaseIterable {
    /// What the file says of itself; always the first section, and only that.
    case description = 1
    /// A piece of the content.
    case content = 2
    /// The content's length and hash; always the last section, and only that.
    case end = 3
  }

  static let headerSize = 24
  /// How many bytes the body of a section may have.
  static let maximumBodyLength = 1 << 26
  private static let checksumOffset = 20

  let kind: Kind
  /// The section's place in the file: 0 for the description.
  let number: UInt32
  /// The checksum in the description's header, so that no section of another file fits; 0 in the
  /// description itself.
  let file: UInt32
  let bodyLength: Int
  let bodyChecksum: UInt32
  /// The checksum in the header itself.
  let checksum: UInt32

  /// Adds the section's header and body; returns the header's checksum.
  ///
  /// - Precondition: the body is not longer than ``maximumBodyLength``.
  static func write(
    _ kind: Kind, number: UInt32, file: UInt32, after earlier: UInt32 = CRC32C.empty,
    body: UnsafeRawBufferPointer, into writer: inout ByteWriter
  ) -> UInt32 {
    precondition(body.count <= Self.maximumBodyLength, "a section of \(body.count) bytes")
    let start = writer.count
    writer.write(kind.rawValue)
    writer.write(zeros: 3)
    writer.write(count: body.count)
    writer.write(number)
    writer.write(file)
    writer.write(CRC32C.checksum(of: body))
    let checksum = CRC32C.checksum(of: writer.bytes, in: start..<writer.count, after: earlier)
    writer.write(checksum)
    writer.write(bytes: body)
    return checksum
  }

  /// Reads a section's header.
  ///
  /// - Parameters:
  ///   - bytes: Exactly the header's bytes.
  ///   - offset: Where they stand in the file.
  ///   - earlier: The checksum that the header's checksum goes on from.
  init(
    _ bytes: [UInt8], offset: Int, after earlier: UInt32 = CRC32C.empty
  ) throws(CodecError) {
    let what = "a snapshot section"
    var reader = ByteReader(bytes, in: 0..<bytes.count, origin: offset)
    guard bytes.count == Self.headerSize else {
      throw reader.error(.truncated(needed: Self.headerSize, available: bytes.count), what)
    }
    let computed = CRC32C.checksum(of: bytes, in: 0..<Self.checksumOffset, after: earlier)
    var end = ByteReader(bytes, in: Self.checksumOffset..<bytes.count)
    self.checksum = try end.readUInt32(what)
    guard self.checksum == computed else {
      throw reader.error(.wrongChecksum(stated: self.checksum, computed: computed), what)
    }
    self.kind = try reader.readCase(of: Kind.self, what)
    try reader.readReserved(3, what)
    self.bodyLength = Int(try reader.readUInt32(what))
    self.number = try reader.readUInt32(what)
    self.file = try reader.readUInt32(what)
    self.bodyChecksum = try reader.readUInt32(what)
    guard self.bodyLength <= Self.maximumBodyLength else {
      throw reader.error(
        .tooLong(length: UInt64(self.bodyLength), maximum: UInt64(Self.maximumBodyLength)), what)
    }
  }

  /// Checks the section's body.
  func check(_ body: [UInt8], offset: Int) throws(CodecError) {
    let what = "a snapshot section"
    guard body.count == self.bodyLength else {
      throw CodecError(
        .truncated(needed: self.bodyLength, available: body.count), in: what, at: offset)
    }
    let computed = CRC32C.checksum(of: body)
    guard computed == self.bodyChecksum else {
      throw CodecError(
        .wrongChecksum(stated: self.bodyChecksum, computed: computed), in: what, at: offset)
    }
  }
}
