import RaftCodec
import RaftEngine
import Testing

@Suite("Segment header")
struct SegmentHeaderTests {
  private static let header = SegmentHeader(
    node: 7, incarnation: Incarnation(0x1122_3344_5566_7788),
    cluster: ClusterID(high: 0xA1, low: 0xB2, generation: 3), number: 9,
    salt: 0x0102_0304_0506_0708, previousLogID: LogID(term: 5, node: 2, index: 99),
    previousEnd: SegmentPosition(offset: 4096, nextSequence: 1000, checksum: 0xDEAD_BEEF),
    previousIndexOffset: 3968)

  private static let first = SegmentHeader(
    node: 7, incarnation: Incarnation(1), cluster: nil, number: 0, salt: 2, previousLogID: nil,
    previousEnd: nil)

  @Test("The bytes of a header are these")
  func golden() throws {
    let golden = """
      f553454702000000070000000000000088776655443322110807060504030201
      0900000000000000e8030000000000000010000000000000efbeadde01010000
      a100000000000000b20000000000000003000000000000000500000000000000
      02000000000000006300000000000000800f00000000000000000000df214f22
      """
    expectGolden(Self.header.encoded, golden)
    #expect(try SegmentHeader(decoding: bytes(golden)) == Self.header)
  }

  // Version 1 had no place for the index of the segment before.
  @Test("A header of version 1 is read, and keeps its version")
  func versionOne() throws {
    let golden = """
      f553454701000000070000000000000088776655443322110807060504030201
      0900000000000000e8030000000000000010000000000000efbeadde01010000
      a100000000000000b20000000000000003000000000000000500000000000000
      02000000000000006300000000000000000000000000000000000000697913ba
      """
    let old = try SegmentHeader(decoding: bytes(golden))
    #expect(old.version == 1)
    #expect(old.previousEnd == Self.header.previousEnd)
    #expect(old.previousIndexOffset == nil)
    expectGolden(old.encoded, golden)
    #expect(old.firstPosition.checksum == 0xBA13_7969)
  }

  @Test("What a first header leaves out comes back as left out")
  func absent() throws {
    #expect(Self.first.encoded.count == SegmentHeader.size)
    #expect(try SegmentHeader(decoding: Self.first.encoded) == Self.first)
  }

  @Test("No bit of a header may change, and no byte may miss")
  func damage() {
    for header in [Self.header, Self.first] {
      expectEveryFlipRefused(of: header.encoded) { (bytes) throws(CodecError) in
        _ = try SegmentHeader(decoding: bytes)
      }
      expectEveryPrefixRefused(of: header.encoded) { (bytes) throws(CodecError) in
        _ = try SegmentHeader(decoding: bytes)
      }
    }
  }

  @Test("The first record follows the header and continues the sequence of the segment before")
  func firstPosition() {
    let place = Self.header.firstPosition
    #expect(place.offset == 128)
    #expect(place.nextSequence == 1000)
    let stated = Self.header.encoded[124...].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    #expect(place.checksum == stated)
    #expect(Self.first.firstPosition.nextSequence == 0)
  }

  @Test("A file of something else, and one of a newer build, are told apart from a damaged one")
  func foreign() {
    var other = Self.header.encoded
    other.replaceSubrange(0..<4, with: Array("NOPE".utf8))
    #expect(
      refusal { () throws(CodecError) in _ = try SegmentHeader(decoding: other) }
        == CodecError(.wrongMagic(0x4550_4F4E), in: "a segment header", at: 0))
    var newer = Self.header.encoded
    newer[4] = 3
    let checksum = CRC32C.checksum(of: newer, in: 0..<124)
    newer.replaceSubrange(124..., with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
    #expect(
      refusal { () throws(CodecError) in _ = try SegmentHeader(decoding: newer) }
        == CodecError(
          .unsupportedVersion(3, newestKnown: 2), in: "a segment header", at: 4))
  }
}
