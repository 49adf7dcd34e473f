import RaftCodec
import RaftEngine
import Testing

@Suite("Log record")
struct LogRecordTests {
  private static let position = LogID(term: 3, node: 1, index: 42)

  /// One record of each kind, in the order of the kinds' numbers.
  private static let all: [LogRecord] = [
    .vote(Vote(leader: LeaderID(term: 3, node: 1), isCommitted: true)),
    .entries(EntryBlockTests.commands),
    .truncate(after: position),
    .purge(through: position),
    .commitWatermark(position),
    .snapshotInstalled(through: position, contentHash: 0x0102_0304_0506_0708),
    .seal,
    .cluster(ClusterID(high: 0xA1, low: 0xB2, generation: 3)),
    .index(Self.index),
  ]

  /// Of a segment that cut entries off which were written before it and within it.
  private static let index: SegmentIndex = {
    var index = SegmentIndex(continuing: LogID(term: 2, node: 1, index: 41))
    index.truncate(after: LogID(term: 2, node: 1, index: 39))
    index.append(
      EntryRun(
        leader: LeaderID(term: 3, node: 1), first: 40, count: 9, byteCount: 0, kind: .command,
        timestamp: Timestamp(nanoseconds: 0x0102_0304_0506_0708)), at: 192)
    index.truncate(after: LogID(term: 3, node: 1, index: 42))
    index.append(
      EntryRun(
        leader: LeaderID(term: 4, node: 2), first: 43, count: 1, byteCount: 0, kind: .command,
        timestamp: .epoch), at: 704)
    index.memberships = [43]
    return index
  }()

  /// The bytes of the record as the segment's first, in group 5.
  private func encode(_ record: LogRecord) -> [UInt8] {
    var encoder = SegmentEncoder(SegmentFixture().header)
    var writer = ByteWriter()
    encoder.encode(record, group: 5, into: &writer)
    #expect(encoder.position.offset == SegmentHeader.size + writer.count)
    return writer.bytes
  }

  private func decode(_ bytes: [UInt8]) throws(CodecError) -> LogRecord {
    let record = try ScannedRecord(
      of: bytes, offset: SegmentHeader.size, salt: SegmentFixture().header.salt)
    return try record.record()
  }

  @Test("The bytes of each kind of record are these")
  func golden() throws {
    let golden = [
      """
      f552454301010000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c110000004392953c000000008eeadc3e
      030000000000000001000000000000000100000000000000
      """,
      """
      f552454301020000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c41000000a18580290000000075f4d2d3
      0300000000000000010000000000000028000000000000000807060504030201
      03000000050000000100000000000000020000000200000005000000a1a2b1b2
      b300000000000000
      """,
      """
      f552454301030000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c190000008dd3f6d700000000d7711dbd
      01030000000000000001000000000000002a0000000000000000000000000000
      """,
      """
      f552454301040000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c180000007e4b8860000000006d8198c8
      030000000000000001000000000000002a00000000000000
      """,
      """
      f552454301050000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c180000007e4b886000000000b1026b12
      030000000000000001000000000000002a00000000000000
      """,
      """
      f552454301060000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c20000000bb26b99800000000bc505ffd
      030000000000000001000000000000002a000000000000000807060504030201
      """,
      """
      f552454301070000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c0000000000000000000000003d586b8b
      """,
      """
      f552454301080000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c14000000fa740f430000000069d43c03
      a100000000000000b2000000000000000300000000000000
      """,
      """
      f552454301090000000000000000000005000000000000008000000000000000
      8000000000000000e443887ce443887c85000000a6970a2000000000371301f6
      28000000000000002c0000000000000001300000000000000008070605040302
      01020000002800000000000000c0000000000000002b00000000000000c00200
      0000000000020000000300000000000000010000000000000028000000000000
      00040000000000000002000000000000002b00000000000000010000002b0000
      0000000000000000
      """,
    ]
    #expect(Self.all.map(\.kind) == LogRecord.Kind.allCases)
    for (record, fixture) in zip(Self.all, golden) {
      expectGolden(self.encode(record), fixture)
    }
    #expect(golden.count == Self.all.count)
    for (record, fixture) in zip(Self.all, golden) {
      #expect(try self.decode(bytes(fixture)) == record)
    }
  }

  @Test("No bit of a record may change, and no byte may miss")
  func damage() {
    for record in Self.all {
      let bytes = self.encode(record)
      expectEveryFlipRefused(of: bytes) { (bytes) throws(CodecError) in
        _ = try self.decode(bytes)
      }
      expectEveryPrefixRefused(of: bytes) { (bytes) throws(CodecError) in
        _ = try self.decode(bytes)
      }
    }
  }

  @Test("Records come back as they were, and end at multiples of eight bytes")
  func roundTrip() throws {
    var vocabulary = RandomVocabulary(seed: 30)
    for round in 0..<300 {
      let record = vocabulary.record()
      let bytes = self.encode(record)
      #expect(bytes.count % 8 == 0)
      #expect(try self.decode(bytes) == record)
      disturb(bytes, seed: UInt64(round), rounds: 20) { (bytes) throws(CodecError) in
        _ = try self.decode(bytes)
      }
    }
  }

  @Test("The entries of a record are known without their payloads")
  func runs() throws {
    let salt = SegmentFixture().header.salt
    let entries = try ScannedRecord(
      of: self.encode(.entries(EntryBlockTests.commands)), offset: SegmentHeader.size, salt: salt)
    #expect(try entries.entryRun() == EntryBlockTests.commands.run)
    let seal = try ScannedRecord(
      of: self.encode(.seal), offset: SegmentHeader.size, salt: salt)
    #expect(
      refusal { () throws(CodecError) in _ = try seal.entryRun() }
        == CodecError(.invalid("a record of entries is expected"), in: "a record", at: 128))
  }

  @Test("A record of another place or of another use of the file is none")
  func misplaced() {
    let bytes = self.encode(.seal)
    let salt = SegmentFixture().header.salt
    #expect(
      refusal { () throws(CodecError) in _ = try ScannedRecord(of: bytes, offset: 136, salt: salt) }
        == CodecError(.invalid("it belongs to byte 128"), in: "a record header", at: 136))
    let other = refusal { () throws(CodecError) in
      _ = try ScannedRecord(of: bytes, offset: 128, salt: salt + 1)
    }
    guard case .wrongChecksum = other?.reason else {
      Issue.record("another salt gives \(String(describing: other))")
      return
    }
  }

  @Test("A record in the midst of other bytes is read in place")
  func inPlace() throws {
    let bytes = [1, 2, 3] + self.encode(.seal) + [4, 5]
    let record = try ScannedRecord(
      at: 3, of: bytes, offset: SegmentHeader.size, salt: SegmentFixture().header.salt)
    #expect(record.header.group == 5)
    #expect(record.header.end.offset == SegmentHeader.size + 64)
    #expect(try record.record() == .seal)
  }
}
