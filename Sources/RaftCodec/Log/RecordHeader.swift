/// What stands in front of each record of the log: what it is, where, after what, how sound.
public struct RecordHeader: Hashable, Sendable {
  /// How many bytes the header takes; the record's body follows it.
  public static let size = 64
  /// How many bytes a body may have.
  public static let maximumBodyLength = 1 << 30
  /// Records begin at multiples of this, so zero bytes fill up the end of a body.
  static let alignment = 8
  /// The byte 0xF5, which occurs in no text, then `REC`.
  static let magic: UInt32 = 0x4345_52F5
  static let newestVersion: UInt8 = 1
  static let checksumOffset = 60

  /// What the record is about, as it stands in the file; a later version may know more kinds.
  public let rawKind: UInt8
  /// The version of the format that the record is written in.
  let version: UInt8
  /// Bits that are kept for later versions: 16 of flags, then 32 more.
  let reserved: UInt64
  /// Which of several groups of one process; 0 where there is one.
  public let group: UInt64
  /// The record's number; along the whole log, each record has the number after the one before it.
  public let sequence: UInt64
  /// Where the record begins, in bytes from the beginning of the file.
  public let offset: Int
  /// Where the records end that were known to be synced before this one was written.
  public let syncedEnd: Int
  /// The checksum in the header of the last of those records.
  public let syncedChecksum: UInt32
  /// The checksum in the header before this one.
  public let previousChecksum: UInt32
  /// How many bytes the body has.
  public let bodyLength: Int
  /// The checksum of the body.
  public let bodyChecksum: UInt32
  /// The checksum of the segment's salt and of all that precedes it in the header.
  public internal(set) var checksum: UInt32

  /// How many bytes the record takes in the file.
  public var recordLength: Int { Self.recordLength(bodyLength: self.bodyLength) }

  /// The place behind the record.
  public var end: SegmentPosition {
    SegmentPosition(
      offset: self.offset + self.recordLength, nextSequence: self.sequence &+ 1,
      checksum: self.checksum)
  }

  /// What the record is about.
  ///
  /// - Throws: ``CodecError`` if the record is whole but written by a newer build.
  public func kind() throws(CodecError) -> LogRecord.Kind {
    let what = "a record"
    guard self.version >= 1, self.version <= Self.newestVersion else {
      throw CodecError(
        .unsupportedVersion(UInt32(self.version), newestKnown: UInt32(Self.newestVersion)),
        in: what, at: self.offset)
    }
    guard self.reserved == 0 else {
      throw CodecError(.reservedBits(self.reserved), in: what, at: self.offset)
    }
    guard let kind = LogRecord.Kind(rawValue: self.rawKind) else {
      throw CodecError(.unknownValue(UInt64(self.rawKind)), in: what, at: self.offset)
    }
    return kind
  }

  /// How many bytes a record with a body of this length takes.
  static func recordLength(bodyLength: Int) -> Int {
    (Self.size + bodyLength + Self.alignment - 1) / Self.alignment * Self.alignment
  }
}
