public import RaftEngine

/// A record as it was found in a segment: its checksums are right, its body is not yet read.
public struct ScannedRecord: Sendable {
  /// What stands in front of the record.
  public let header: RecordHeader
  /// What the record is about.
  public let kind: LogRecord.Kind
  private let bytes: [UInt8]
  private let body: Range<Int>

  /// Reads the record that begins at this index of `bytes` and at `offset` in a segment of this
  /// salt, without looking at the records around it.
  ///
  /// - Precondition: `index` lies within the array.
  /// - Throws: ``CodecError`` if the record is damaged or unknown to this build.
  public init(
    at index: Int = 0, of bytes: [UInt8], offset: Int, salt: UInt64
  ) throws(CodecError) {
    let header = try RecordHeader(at: index, of: bytes, offset: offset, salt: salt)
    try self.init(header, at: index, of: bytes)
  }

  /// Reads the record behind this header, which begins at this index of `bytes`.
  init(_ header: RecordHeader, at index: Int, of bytes: [UInt8]) throws(CodecError) {
    let what = "a record"
    let available = bytes.count - index
    guard header.recordLength <= available else {
      throw CodecError(
        .truncated(needed: header.recordLength, available: available), in: what, at: header.offset)
    }
    self.kind = try header.kind()
    self.header = header
    self.bytes = bytes
    self.body = (index + RecordHeader.size)..<(index + RecordHeader.size + header.bodyLength)
    let computed = CRC32C.checksum(of: bytes, in: self.body)
    guard computed == header.bodyChecksum else {
      throw CodecError(
        .wrongChecksum(stated: header.bodyChecksum, computed: computed), in: what,
        at: header.offset)
    }
    for fill in self.body.upperBound..<(index + header.recordLength) where bytes[fill] != 0 {
      throw CodecError(.invalid("it is not filled up with zeros"), in: what, at: header.offset)
    }
  }

  /// Reads the record's content.
  ///
  /// - Throws: ``CodecError`` if the content, though whole, cannot be; a newer build wrote it.
  public func record() throws(CodecError) -> LogRecord {
    var reader = self.reader
    return try reader.readRecordBody(of: self.kind)
  }

  /// Reads what the protocol must know of the record's entries, and leaves the payloads.
  ///
  /// - Throws: ``CodecError`` as ``record()`` does, and if the record is not about entries.
  public func entryRun() throws(CodecError) -> EntryRun {
    guard self.kind == .entries else {
      throw CodecError(
        .invalid("a record of entries is expected"), in: "a record", at: self.header.offset)
    }
    var reader = self.reader
    let run = try reader.readEntryRun()
    try reader.expectEnd(of: "a record's body")
    return run
  }

  private var reader: ByteReader {
    ByteReader(self.bytes, in: self.body, origin: self.header.offset + RecordHeader.size)
  }
}
