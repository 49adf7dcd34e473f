/// What stands in front of each message on a connection: its kind, its length, its checksum.
public struct FrameHeader: Hashable, Sendable {
  /// How many bytes the header takes; the frame's body follows it.
  public static let size = 32
  /// The byte 0xF5, which occurs in no text, then `MSG`.
  static let magic: UInt32 = 0x4753_4DF5
  static let newestVersion: UInt32 = 1
  static let checksumOffset = 28

  /// What the message is about, as it stands in the frame; a later version may know more kinds.
  public let rawKind: UInt8
  /// The number that a reply takes over from its request; the requester chooses it.
  public let exchange: UInt64
  /// How many bytes the body has.
  public let bodyLength: Int
  /// The checksum of the body.
  public let bodyChecksum: UInt32

  init(kind: WireMessage.Kind, exchange: UInt64, bodyLength: Int, bodyChecksum: UInt32) {
    self.rawKind = kind.rawValue
    self.exchange = exchange
    self.bodyLength = bodyLength
    self.bodyChecksum = bodyChecksum
  }

  /// Reads the header at this index of `bytes`.
  ///
  /// - Parameter maximumBodyLength: The longest body that the reader is willing to make room for.
  /// - Precondition: `index` lies within the array.
  /// - Throws: ``CodecError`` if the bytes are no header, or one of a newer version, or damaged,
  ///   or announce too long a body. The connection is of no use then.
  public init(
    decoding bytes: [UInt8], at index: Int = 0, maximumBodyLength: Int
  ) throws(CodecError) {
    let what = "a frame"
    var reader = ByteReader(bytes, in: index..<bytes.count)
    guard reader.remaining >= Self.size else {
      throw reader.error(.truncated(needed: Self.size, available: reader.remaining), what)
    }
    let checksumIndex = index + Self.checksumOffset
    var end = ByteReader(bytes, in: checksumIndex..<bytes.count)
    let stated = try end.readUInt32(what)
    let computed = CRC32C.checksum(of: bytes, in: index..<checksumIndex)
    try reader.readMagic(Self.magic, what)
    guard stated == computed else {
      throw CodecError(.wrongChecksum(stated: stated, computed: computed), in: what, at: 0)
    }
    _ = try reader.readVersion(newestKnown: Self.newestVersion, what)
    self.rawKind = try reader.readUInt8(what)
    try reader.readReserved(2, what)
    self.exchange = try reader.readUInt64(what)
    self.bodyLength = Int(try reader.readUInt32(what))
    self.bodyChecksum = try reader.readUInt32(what)
    try reader.readReserved(4, what)
    guard self.bodyLength <= maximumBodyLength else {
      throw CodecError(
        .tooLong(length: UInt64(self.bodyLength), maximum: UInt64(max(0, maximumBodyLength))),
        in: what, at: 16)
    }
  }

  /// What the message is about.
  ///
  /// - Throws: ``CodecError`` if this build does not know the kind of message.
  public func kind() throws(CodecError) -> WireMessage.Kind {
    guard let kind = WireMessage.Kind(rawValue: self.rawKind) else {
      throw CodecError(.unknownValue(UInt64(self.rawKind)), in: "a frame", at: 5)
    }
    return kind
  }

  /// Adds the header's bytes in the place that was kept for them at `start`.
  func store(into writer: inout ByteWriter, at start: Int) {
    var header = ByteWriter(reserving: Self.size)
    header.write(Self.magic)
    header.write(UInt8(Self.newestVersion))
    header.write(self.rawKind)
    header.write(zeros: 2)
    header.write(self.exchange)
    header.write(count: self.bodyLength)
    header.write(self.bodyChecksum)
    header.write(zeros: 4)
    header.write(CRC32C.checksum(of: header.bytes))
    let bytes = header.takeBytes()
    writer.fill(from: start) { $0.copyBytes(from: bytes) }
  }
}
