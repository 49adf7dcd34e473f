internal import RaftEngine

/// The mark and the version of a segment file.
enum SegmentFormat {
  /// The byte 0xF5, which occurs in no text, then `SEG`.
  static let magic: UInt32 = 0x4745_53F5
  static let newestVersion: UInt32 = 2
  static let checksumOffset = 124
}

extension SegmentHeader {
  /// The header as it stands in the file: ``size`` bytes.
  public var encoded: [UInt8] {
    var writer = ByteWriter(reserving: Self.size)
    writer.write(SegmentFormat.magic)
    writer.write(self.version)
    writer.write(zeros: 3)
    writer.write(self.node)
    writer.write(self.incarnation)
    writer.write(self.salt)
    writer.write(self.number)
    writer.write(self.previousEnd?.nextSequence ?? 0)
    writer.write(UInt64(self.previousEnd?.offset ?? 0))
    writer.write(self.previousEnd?.checksum ?? 0)
    writer.write(flag: self.cluster != nil)
    writer.write(flag: self.previousLogID != nil)
    writer.write(zeros: 2)
    writer.write(self.cluster ?? ClusterID(high: 0, low: 0))
    writer.write(zeros: 4)
    writer.write(self.previousLogID ?? LogID(term: 0, node: 0, index: 0))
    writer.write(UInt64(self.previousIndexOffset ?? 0))
    writer.write(zeros: SegmentFormat.checksumOffset - writer.count)
    writer.write(CRC32C.checksum(of: writer.bytes))
    return writer.takeBytes()
  }

  /// The place of the segment's first record.
  public var firstPosition: SegmentPosition {
    let checksum = CRC32C.checksum(of: self.encoded, in: 0..<SegmentFormat.checksumOffset)
    return SegmentPosition(
      offset: Self.size, nextSequence: self.previousEnd?.nextSequence ?? 0, checksum: checksum)
  }

  /// Reads the header that a file of the log begins with; bytes behind it are passed over.
  ///
  /// - Throws: ``CodecError`` if the bytes are too few, damaged, or of another format.
  public init(decoding bytes: [UInt8]) throws(CodecError) {
    let what = "a segment header"
    guard bytes.count >= Self.size else {
      throw CodecError(.truncated(needed: Self.size, available: bytes.count), in: what, at: 0)
    }
    var reader = ByteReader(bytes, in: 0..<Self.size)
    try reader.readMagic(SegmentFormat.magic, what)
    try Self.check(bytes)
    self.version = UInt8(
      try reader.readVersion(newestKnown: SegmentFormat.newestVersion, what))
    try reader.readReserved(3, what)
    self.node = try reader.readNodeID()
    self.incarnation = try reader.readIncarnation()
    self.salt = try reader.readUInt64(what)
    self.number = try reader.readUInt64(what)
    self.previousEnd = try reader.readPreviousEnd(what)
    let hasCluster = try reader.readFlag(what)
    let hasPreviousLogID = try reader.readFlag(what)
    try reader.readReserved(2, what)
    let cluster = try reader.readClusterID()
    self.cluster = hasCluster ? cluster : nil
    try reader.readReserved(4, what)
    let previousLogID = try reader.readLogID()
    self.previousLogID = hasPreviousLogID ? previousLogID : nil
    if self.version == 1 {
      try reader.readReserved(8, what)
    } else {
      let offset = try reader.readOffset(what)
      self.previousIndexOffset = offset == 0 ? nil : offset
    }
    try reader.readReserved(4, what)
    guard self.encoded.elementsEqual(bytes[..<Self.size]) else {
      throw reader.error(
        .invalid("what it leaves out is not zero"), what, back: Self.size)
    }
  }

  private static func check(_ bytes: [UInt8]) throws(CodecError) {
    let offset = SegmentFormat.checksumOffset
    var reader = ByteReader(bytes, in: offset..<Self.size, origin: offset)
    let stated = try reader.readUInt32("a segment header's checksum")
    let computed = CRC32C.checksum(of: bytes, in: 0..<offset)
    guard stated == computed else {
      throw CodecError(
        .wrongChecksum(stated: stated, computed: computed), in: "a segment header", at: 0)
    }
  }
}

extension ByteReader {
  /// Reads where the preceding segment ends; all zero if there is none.
  fileprivate mutating func readPreviousEnd(
    _ what: String
  ) throws(CodecError) -> SegmentPosition? {
    let sequence = try self.readUInt64(what)
    let offset = try self.readOffset(what)
    let checksum = try self.readUInt32(what)
    return offset == 0
      ? nil : SegmentPosition(offset: offset, nextSequence: sequence, checksum: checksum)
  }

  /// Reads a place in a file: 8 bytes, in the range of `Int`.
  mutating func readOffset(_ what: String) throws(CodecError) -> Int {
    let number = try self.readUInt64(what)
    guard let offset = Int(exactly: number) else {
      throw self.error(.tooLong(length: number, maximum: UInt64(Int.max)), what, back: 8)
    }
    return offset
  }
}
