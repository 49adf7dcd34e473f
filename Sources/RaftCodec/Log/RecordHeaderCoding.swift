extension RecordHeader {
  /// A header for a record of this kind that is to stand at `position`; its checksum is not yet
  /// computed.
  init(
    kind: LogRecord.Kind, group: UInt64, position: SegmentPosition, synced: SegmentPosition,
    bodyLength: Int, bodyChecksum: UInt32
  ) {
    self.init(
      rawKind: kind.rawValue, version: Self.newestVersion, reserved: 0, group: group,
      sequence: position.nextSequence, offset: position.offset, syncedEnd: synced.offset,
      syncedChecksum: synced.checksum, previousChecksum: position.checksum,
      bodyLength: bodyLength, bodyChecksum: bodyChecksum, checksum: 0)
  }

  /// Computes the checksum and stores the header at the beginning of the buffer.
  mutating func finish(into buffer: UnsafeMutableRawBufferPointer, salt: UInt64) {
    func store(_ number: some FixedWidthInteger, at offset: Int) {
      withUnsafeBytes(of: number.littleEndian) {
        UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: $0)
      }
    }
    store(Self.magic, at: 0)
    store(self.version, at: 4)
    store(self.rawKind, at: 5)
    store(UInt16(truncatingIfNeeded: self.reserved), at: 6)
    store(self.sequence, at: 8)
    store(self.group, at: 16)
    store(UInt64(self.offset), at: 24)
    store(UInt64(self.syncedEnd), at: 32)
    store(self.syncedChecksum, at: 40)
    store(self.previousChecksum, at: 44)
    store(UInt32(self.bodyLength), at: 48)
    store(self.bodyChecksum, at: 52)
    store(UInt32(truncatingIfNeeded: self.reserved >> 16), at: 56)
    self.checksum = Self.checksum(of: UnsafeRawBufferPointer(buffer), salt: salt)
    store(self.checksum, at: Self.checksumOffset)
  }

  /// Reads the header at this index of `bytes`, which stands at `offset` in a segment of this
  /// salt.
  ///
  /// Whether this build can read the record behind it is another question: see ``kind()``.
  ///
  /// - Throws: ``CodecError`` if this is no header, or one of another place or another use of the
  ///   file, or a damaged one.
  public init(
    at index: Int, of bytes: [UInt8], offset: Int, salt: UInt64
  ) throws(CodecError) {
    let what = "a record header"
    var reader = ByteReader(bytes, in: index..<bytes.count, origin: offset)
    guard reader.remaining >= Self.size else {
      throw reader.error(.truncated(needed: Self.size, available: reader.remaining), what)
    }
    let computed = bytes.withUnsafeBytes {
      Self.checksum(of: UnsafeRawBufferPointer(rebasing: $0[index...]), salt: salt)
    }
    try reader.readMagic(Self.magic, what)
    self.version = try reader.readUInt8(what)
    self.rawKind = try reader.readUInt8(what)
    let flags = try reader.readUInt16(what)
    self.sequence = try reader.readUInt64(what)
    self.group = try reader.readUInt64(what)
    let ownOffset = try reader.readUInt64(what)
    let syncedEnd = try reader.readUInt64(what)
    self.syncedChecksum = try reader.readUInt32(what)
    self.previousChecksum = try reader.readUInt32(what)
    self.bodyLength = Int(try reader.readUInt32(what))
    self.bodyChecksum = try reader.readUInt32(what)
    self.reserved = UInt64(try reader.readUInt32(what)) << 16 | UInt64(flags)
    self.checksum = try reader.readUInt32(what)
    self.offset = offset
    self.syncedEnd = Int(clamping: syncedEnd)
    guard self.checksum == computed else {
      throw CodecError(
        .wrongChecksum(stated: self.checksum, computed: computed), in: what, at: offset)
    }
    guard ownOffset == UInt64(offset), syncedEnd <= ownOffset else {
      throw CodecError(.invalid("it belongs to byte \(ownOffset)"), in: what, at: offset)
    }
    guard self.bodyLength <= Self.maximumBodyLength else {
      throw CodecError(
        .tooLong(length: UInt64(self.bodyLength), maximum: UInt64(Self.maximumBodyLength)),
        in: what, at: offset)
    }
  }

  private static func checksum(of header: UnsafeRawBufferPointer, salt: UInt64) -> UInt32 {
    CRC32C.checksum(
      of: UnsafeRawBufferPointer(rebasing: header[..<Self.checksumOffset]),
      after: CRC32C.checksum(of: salt))
  }
}
