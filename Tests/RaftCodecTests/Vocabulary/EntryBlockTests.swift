import RaftCodec
import RaftEngine
import Testing

@Suite("Entry block")
struct EntryBlockTests {
  private func encode(_ block: EntryBlock) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(block)
    return writer.bytes
  }

  private func decode(_ bytes: [UInt8]) throws(CodecError) -> EntryBlock {
    var reader = ByteReader(bytes)
    let block = try reader.readEntryBlock()
    try reader.expectEnd(of: "an entry block")
    return block
  }

  static let commands = EntryBlock(
    run: EntryRun(
      leader: LeaderID(term: 3, node: 1), first: 40, count: 3, byteCount: 5, kind: .command,
      timestamp: Timestamp(nanoseconds: 0x0102_0304_0506_0708)),
    bytes: [0xA1, 0xA2, 0xB1, 0xB2, 0xB3], ends: [2, 2, 5])

  @Test("The bytes of commands are these")
  func golden() throws {
    let golden = """
      0300000000000000010000000000000028000000000000000807060504030201
      03000000050000000100000000000000020000000200000005000000a1a2b1b2
      b3
      """
    expectGolden(self.encode(Self.commands), golden)
    #expect(try self.decode(bytes(golden)) == Self.commands)
  }

  @Test("The payload of a membership entry is the membership's block")
  func membership() throws {
    let membership = try MembershipCodingTests.full()
    let run = EntryRun(
      leader: LeaderID(term: 1, node: 1), first: 0, count: 1, byteCount: 0, kind: .membership,
      timestamp: .epoch, membership: membership)
    let bytes = self.encode(EntryBlock(run: run, bytes: [], ends: [0]))
    #expect(Array(bytes[52...]) == MembershipCodingTests.encode(membership))
    #expect(Array(bytes[48..<52]) == Array(bytes[36..<40]))
    let block = try self.decode(bytes)
    #expect(block.run == run)
    #expect(block.bytes == [])
    #expect(block.ends == [0])
  }

  @Test("Blocks come back as they were, whole or as parts of larger batches")
  func roundTrip() throws {
    var vocabulary = RandomVocabulary(seed: 20)
    for round in 0..<200 {
      let block = vocabulary.block()
      let bytes = self.encode(block)
      let decoded = try self.decode(bytes)
      #expect(decoded == block)
      #expect(decoded.offsets == 0..<block.run.count)
      #expect(self.encode(decoded) == bytes)
      var reader = ByteReader(bytes)
      #expect(try reader.readEntryRun() == block.run)
      #expect(reader.remaining == 0)
      expectEveryPrefixRefused(of: bytes) { (bytes) throws(CodecError) in
        _ = try self.decode(bytes)
      }
      disturb(bytes, seed: UInt64(round), rounds: 60) { (bytes) throws(CodecError) in
        _ = try self.decode(bytes)
      }
    }
  }

  @Test("A part of a batch is written as if there were no other entries")
  func parts() throws {
    let whole = Self.commands
    let run = EntryRun(
      leader: whole.run.leader, first: 42, count: 1, byteCount: 3, kind: .command,
      timestamp: whole.run.timestamp)
    let part = EntryBlock(run: run, bytes: whole.bytes, ends: whole.ends, offsets: 2..<3)
    let alone = EntryBlock(run: run, bytes: [0xB1, 0xB2, 0xB3], ends: [3])
    #expect(part.payload(at: 0) == [0xB1, 0xB2, 0xB3])
    #expect(part == alone)
    #expect(self.encode(part) == self.encode(alone))
  }

  /// The golden block with some bytes replaced.
  private func refused(_ changes: [Int: UInt8]) -> CodecError? {
    var bytes = self.encode(Self.commands)
    for (index, byte) in changes { bytes[index] = byte }
    return refusal { () throws(CodecError) in _ = try self.decode(bytes) }
  }

  @Test("What cannot be a block is refused")
  func impossible() {
    #expect(
      self.refused([40: 6])
        == CodecError(.unknownValue(6), in: "the kind of entries", at: 40))
    #expect(
      self.refused([41: 1]) == CodecError(.reservedBits(1), in: "the entries' flags", at: 41))
    #expect(
      self.refused([40: 2])
        == CodecError(.invalid("3 membership entries in one block"), in: "an entry block", at: 48))
    #expect(
      self.refused([32: 0])
        == CodecError(.invalid("0 command entries in one block"), in: "an entry block", at: 48))
    #expect(
      self.refused([35: 0xFF])
        == CodecError(
          .truncated(needed: 4 * 0xFF00_0003 + 5, available: 17), in: "an entry block", at: 48))
    #expect(
      self.refused([48: 6])
        == CodecError(.invalid("they go back"), in: "the payloads' ends", at: 48))
    #expect(
      self.refused([56: 4])
        == CodecError(.invalid("the last is 4, for 5 bytes"), in: "the payloads' ends", at: 48))
    #expect(
      self.refused([16: 0xFE, 17: 0xFF, 18: 0xFF, 19: 0xFF, 20: 0xFF, 21: 0xFF, 22: 0xFF, 23: 0x7F])
        == CodecError(
          .invalid("3 entries from 9223372036854775806 on"), in: "an entry block", at: 48))
  }
}
