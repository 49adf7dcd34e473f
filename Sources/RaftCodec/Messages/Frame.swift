public import RaftEngine

/// A message with everything that travels beside it.
public struct Frame: Hashable, Sendable {
  /// Who speaks to whom, in which cluster and group.
  public var contact: Contact
  /// The number that a reply takes over from its request; the requester chooses it.
  public var exchange: UInt64
  /// The message.
  public var message: WireMessage

  /// A message from one server to another.
  public init(contact: Contact, exchange: UInt64, message: WireMessage) {
    self.contact = contact
    self.exchange = exchange
    self.message = message
  }

  /// Adds the frame to what is to be sent next.
  ///
  /// - Precondition: the body has less than 2^32 bytes.
  public func encode(into writer: inout ByteWriter) {
    let start = writer.count
    writer.write(zeros: FrameHeader.size)
    let body = writer.count
    writer.write(self.contact)
    writer.write(self.message)
    let header = FrameHeader(
      kind: self.message.kind, exchange: self.exchange, bodyLength: writer.count - body,
      bodyChecksum: CRC32C.checksum(of: writer.bytes, in: body..<writer.count))
    header.store(into: &writer, at: start)
  }

  /// Reads the body that belongs to a header.
  ///
  /// - Throws: ``CodecError`` if the body is damaged, of another length, written in a newer
  ///   protocol, or of an unknown kind.
  public init(_ header: FrameHeader, body: [UInt8]) throws(CodecError) {
    var reader = try Self.checkedBody(header, body)
    self.contact = try reader.readContact()
    let version = self.contact.protocolVersion
    guard version >= 1, version <= Contact.currentProtocolVersion else {
      throw CodecError(
        .unsupportedVersion(version, newestKnown: Contact.currentProtocolVersion),
        in: "a message", at: 0)
    }
    self.exchange = header.exchange
    self.message = try reader.readMessage(of: header.kind())
    try reader.expectEnd(of: "a message")
  }

  /// Reads who speaks to whom in the body that belongs to a header, and no more.
  ///
  /// That can be read in every version of the protocol and with every kind of message.
  ///
  /// - Throws: ``CodecError`` if the body is damaged or of another length.
  public static func contact(_ header: FrameHeader, body: [UInt8]) throws(CodecError) -> Contact {
    var reader = try self.checkedBody(header, body)
    return try reader.readContact()
  }

  private static func checkedBody(
    _ header: FrameHeader, _ body: [UInt8]
  ) throws(CodecError) -> ByteReader {
    let what = "a message"
    guard body.count == header.bodyLength else {
      throw CodecError(
        body.count < header.bodyLength
          ? .truncated(needed: header.bodyLength, available: body.count)
          : .trailingBytes(body.count - header.bodyLength), in: what, at: 0)
    }
    let computed = CRC32C.checksum(of: body)
    guard computed == header.bodyChecksum else {
      throw CodecError(
        .wrongChecksum(stated: header.bodyChecksum, computed: computed), in: what, at: 0)
    }
    return ByteReader(body)
  }
}
