import RaftEngine
import Testing

@testable import RaftCodec

@Suite("Byte writer and reader")
struct ByteReaderTests {
  @Test("Numbers stand least significant byte first")
  func littleEndian() {
    var writer = ByteWriter()
    writer.write(UInt8(0x01))
    writer.write(UInt16(0x0302))
    writer.write(UInt32(0x0706_0504))
    writer.write(UInt64(0x0F0E_0D0C_0B0A_0908))
    writer.write(Int64(-2))
    #expect(
      writer.bytes == Array(1...15) + [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test("What was written is read, at odd places too")
  func roundTrip() throws {
    var writer = ByteWriter()
    writer.write(UInt8(9))
    writer.write(UInt64.max - 1)
    writer.write(Int64.min)
    writer.write(UInt16(700))
    writer.write(text: "große Brücke")
    writer.write(counted: [1, 2, 3])
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readUInt8("") == 9)
    #expect(try reader.readUInt64("") == .max - 1)
    #expect(try reader.readInt64("") == .min)
    #expect(try reader.readUInt16("") == 700)
    #expect(try reader.readText("") == "große Brücke")
    #expect(try reader.readCounted("") == [1, 2, 3])
    try reader.expectEnd(of: "")
  }

  @Test("Too few bytes are refused with what is missing and where")
  func truncated() {
    var reader = ByteReader([1, 2, 3, 4, 5, 6], in: 1..<6, origin: 100)
    #expect(refusal { () throws(CodecError) in _ = try reader.readUInt16("a width") } == nil)
    #expect(
      refusal { () throws(CodecError) in _ = try reader.readUInt32("a height") }
        == CodecError(.truncated(needed: 4, available: 3), in: "a height", at: 102))
  }

  @Test("Bytes left over are refused")
  func trailing() {
    let reader = ByteReader([1, 2])
    #expect(
      refusal { () throws(CodecError) in try reader.expectEnd(of: "a thing") }
        == CodecError(.trailingBytes(2), in: "a thing", at: 0))
  }

  @Test("A number of elements that cannot be there is refused before room is made for it")
  func count() {
    var reader = ByteReader([0xFF, 0xFF, 0xFF, 0xFF, 0])
    #expect(
      refusal { () throws(CodecError) in _ = try reader.readCount("things", ofSize: 8) }
        == CodecError(
          .truncated(needed: 8 * 0xFFFF_FFFF, available: 1), in: "things", at: 0))
  }

  @Test("Text that is not UTF-8, flags other than 0 and 1, and reserved bytes are refused")
  func values() {
    var text = ByteReader([2, 0, 0, 0, 0xC3, 0x28])
    #expect(
      refusal { () throws(CodecError) in _ = try text.readText("a name") }
        == CodecError(.invalid("the text is not UTF-8"), in: "a name", at: 4))
    var flag = ByteReader([2])
    #expect(
      refusal { () throws(CodecError) in _ = try flag.readFlag("a mark") }
        == CodecError(.invalid("0 or 1 is expected, not 2"), in: "a mark", at: 0))
    var reserved = ByteReader([0, 0, 4])
    #expect(
      refusal { () throws(CodecError) in try reserved.readReserved(3, "flags") }
        == CodecError(.reservedBits(4), in: "flags", at: 2))
  }

  @Test("Errors say what is wrong and what to do")
  func descriptions() {
    let error = CodecError(.unsupportedVersion(3, newestKnown: 1), in: "a file", at: 4)
    #expect(
      error.description == """
        a file at byte 4: written in version 3 of the format, this build knows versions up to 1: \
        upgrade this node
        """)
    #expect(error.isFromNewerFormat)
    let damage = CodecError(.wrongChecksum(stated: 1, computed: 255), in: "a file", at: 0)
    #expect(
      damage.description
        == "a file at byte 0: the checksum is 0xff and not 0x1 as stated: the bytes were changed")
    #expect(!damage.isFromNewerFormat)
  }

  @Test("A block's length is written in front of it")
  func blocks() throws {
    var writer = ByteWriter()
    writer.writeCounted { block in
      block.write(UInt8(1))
      block.writeCounted { $0.write(UInt16(2)) }
    }
    #expect(writer.bytes == [7, 0, 0, 0, 1, 2, 0, 0, 0, 2, 0])
    var reader = ByteReader(writer.bytes)
    var block = try reader.readBlock("a block")
    #expect(block.offset == 4)
    #expect(block.remaining == 7)
    #expect(reader.remaining == 0)
    #expect(try block.readUInt8("") == 1)
  }
}
