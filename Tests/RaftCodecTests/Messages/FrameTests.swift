import RaftEngine
import Testing

@testable import RaftCodec

@Suite("Frames")
struct FrameTests {
  static func encode(_ frame: Frame) -> [UInt8] {
    var writer = ByteWriter()
    frame.encode(into: &writer)
    return writer.bytes
  }

  /// Reads a frame that is all there is.
  static func decode(_ bytes: [UInt8]) throws(CodecError) -> Frame {
    let header = try FrameHeader(decoding: bytes, maximumBodyLength: 1 << 20)
    return try Frame(header, body: Array(bytes[FrameHeader.size...]))
  }

  /// The frame's bytes with another body, whose checksums are right.
  private static func frame(_ kind: WireMessage.Kind, around body: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(zeros: FrameHeader.size)
    let header = FrameHeader(
      kind: kind, exchange: 1, bodyLength: body.count, bodyChecksum: CRC32C.checksum(of: body))
    header.store(into: &writer, at: 0)
    writer.write(bytes: body)
    return writer.bytes
  }

  private static let seal = Frame(
    contact: Contact(cluster: nil, sender: 1, receiver: 2), exchange: 9, message: .farewellReply)

  @Test("Messages come back as they were", arguments: WireMessage.Kind.allCases)
  func roundTrip(kind: WireMessage.Kind) throws {
    var vocabulary = RandomVocabulary(seed: UInt64(kind.rawValue))
    for _ in 0..<100 {
      let frame = Frame(
        contact: vocabulary.contact(), exchange: vocabulary.number(),
        message: vocabulary.message(of: kind))
      #expect(frame.message.kind == kind)
      let bytes = Self.encode(frame)
      #expect(try Self.decode(bytes) == frame)
      #expect(try FrameHeader(decoding: bytes, maximumBodyLength: 1 << 20).kind() == kind)
    }
  }

  @Test(
    "Bodies that are wrong though their checksums are right are read or refused",
    arguments: WireMessage.Kind.allCases)
  func disturbedBodies(kind: WireMessage.Kind) throws {
    var vocabulary = RandomVocabulary(seed: UInt64(kind.rawValue) + 100)
    for round in 0..<10 {
      let frame = Frame(
        contact: vocabulary.contact(), exchange: 1, message: vocabulary.message(of: kind))
      let body = Array(Self.encode(frame)[FrameHeader.size...])
      expectEveryPrefixRefused(of: body) { (body) throws(CodecError) in
        _ = try Self.decode(Self.frame(kind, around: body))
      }
      disturb(body, seed: UInt64(round), rounds: 60) { (body) throws(CodecError) in
        let frame = try Self.decode(Self.frame(kind, around: body))
        // What is read at all can be written again.
        _ = Self.encode(frame)
      }
      let longer = body + [0]
      #expect(
        refusal { () throws(CodecError) in _ = try Self.decode(Self.frame(kind, around: longer)) }
          == CodecError(.trailingBytes(1), in: "a message", at: body.count))
    }
  }

  @Test("Random bytes are refused")
  func noise() {
    disturb(Self.encode(Self.seal), seed: 5, rounds: 2000) { (bytes) throws(CodecError) in
      _ = try Self.decode(bytes)
    }
  }

  @Test("A body longer than the reader admits is refused before room is made for it")
  func tooLong() {
    let bytes = Self.encode(Self.seal)
    let length = bytes.count - FrameHeader.size
    #expect(
      refusal { () throws(CodecError) in
        _ = try FrameHeader(decoding: bytes, maximumBodyLength: length)
      } == nil)
    #expect(
      refusal { () throws(CodecError) in
        _ = try FrameHeader(decoding: bytes, maximumBodyLength: length - 1)
      }
        == CodecError(
          .tooLong(length: UInt64(length), maximum: UInt64(length - 1)), in: "a frame", at: 16))
  }

  @Test("Another protocol on the connection is told by its first bytes")
  func otherProtocol() {
    let request = Array("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".utf8)
    #expect(
      refusal { () throws(CodecError) in
        _ = try FrameHeader(decoding: request, maximumBodyLength: 100)
      } == CodecError(.wrongMagic(0x2054_4547), in: "a frame", at: 0))
  }

  @Test("Of a message in a newer protocol or of an unknown kind, it is still known who sent it")
  func newer() throws {
    var frame = Self.seal
    frame.contact.protocolVersion = 2
    var bytes = Self.encode(frame)
    #expect(
      refusal { () throws(CodecError) in _ = try Self.decode(bytes) }
        == CodecError(.unsupportedVersion(2, newestKnown: 1), in: "a message", at: 0))

    bytes[5] = 200
    let checksum = CRC32C.checksum(of: bytes, in: 0..<28)
    bytes.replaceSubrange(28..<32, with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
    let header = try FrameHeader(decoding: bytes, maximumBodyLength: 100)
    #expect(
      refusal { () throws(CodecError) in _ = try header.kind() }
        == CodecError(.unknownValue(200), in: "a frame", at: 5))
    let contact = try Frame.contact(header, body: Array(bytes[FrameHeader.size...]))
    #expect(contact == frame.contact)
  }

  @Test("Entries that do not follow each other are refused")
  func gaps() {
    var vocabulary = RandomVocabulary(seed: 6)
    var append = vocabulary.append()
    while append.blocks.isEmpty { append = vocabulary.append() }
    let first = append.blocks[0].run.first
    append.header.previous = LogID(term: 1, node: 1, index: first)
    let frame = Frame(contact: Self.seal.contact, exchange: 0, message: .append(append))
    let refused = refusal { () throws(CodecError) in _ = try Self.decode(Self.encode(frame)) }
    #expect(
      refused?.reason == .invalid("entries from \(first) on where \(first.next) is next"))
  }

  @Test("Frames in a row are read one after the other")
  func row() throws {
    var writer = ByteWriter()
    Self.seal.encode(into: &writer)
    let second = writer.count
    Self.seal.encode(into: &writer)
    let header = try FrameHeader(decoding: writer.bytes, at: second, maximumBodyLength: 100)
    #expect(second + FrameHeader.size + header.bodyLength == writer.count)
    #expect(header.exchange == 9)
  }
}
