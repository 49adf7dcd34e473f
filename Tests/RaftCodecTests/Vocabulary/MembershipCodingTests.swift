import RaftCodec
import RaftEngine
import Testing

@Suite("Membership block")
struct MembershipCodingTests {
  /// A joint membership that uses every field.
  static func full() throws -> Membership {
    try Membership(
      configurations: [[1, 2], [2, 3]],
      members: [
        Member(
          id: 1, address: "10.0.0.1:7000", name: "ada", metadata: ["zone": "a", "api": "http"],
          incarnation: Incarnation(0x1122_3344_5566_7788)),
        Member(id: 2, address: "b"),
        Member(id: 3, address: "c", role: .witness),
        Member(id: 4, address: "d", isPromotedWhenCaughtUp: true),
      ],
      leavingRule: .drop(except: [1]),
      terms: Membership.Terms(
        cluster: ClusterID(high: 0xA1, low: 0xB2, generation: 3), leadershipRule: .onePerTerm,
        largestPromise: 1_000_000_000, featureLevel: 1))
  }

  static func encode(_ membership: Membership) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(membership)
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8]) throws(CodecError) -> Membership {
    var reader = ByteReader(bytes)
    return try reader.readMembership()
  }

  @Test("The bytes of a membership are these, in this version and all later ones")
  func golden() throws {
    let golden = """
      f70000000100000001a100000000000000b20000000000000003000000010100
      ca9a3b0000000001000000010100000001000000000000000200000002000000
      0100000000000000020000000000000002000000020000000000000003000000
      000000000400000001000000000000000d00000031302e302e302e313a373030
      300300000061646102000000030000006170690400000068747470040000007a
      6f6e650100000061018877665544332211000002000000000000000100000062
      0000000000000000000000030000000000000001000000630000000000000000
      000001040000000000000001000000640000000000000000000100
      """
    expectGolden(Self.encode(try Self.full()), golden)
    #expect(try Self.decode(bytes(golden)) == Self.full())
  }

  @Test("Metadata stands in the order of its keys' bytes, so equal members have equal bytes")
  func canonical() throws {
    let keys = ["b", "a", "ä", "Z", ""]
    let one = Member(
      id: 1, address: "", metadata: Dictionary(uniqueKeysWithValues: keys.map { ($0, "") }))
    let other = Member(
      id: 1, address: "",
      metadata: Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, "") }))
    var writer = ByteWriter()
    writer.write(one)
    let first = writer.takeBytes()
    writer.write(other)
    #expect(first == writer.bytes)
  }

  /// The bytes of a membership, one of them changed.
  private func changed(
    _ membership: Membership, at index: Int, to byte: UInt8
  ) -> CodecError? {
    var bytes = Self.encode(membership)
    bytes[index] = byte
    return refusal { () throws(CodecError) in _ = try Self.decode(bytes) }
  }

  @Test("An unknown version, flag, rule or role is refused, never skipped")
  func unknown() throws {
    let membership = try Membership(voters: [Member(id: 7, address: "")])
    let bytes = Self.encode(membership)
    #expect(
      self.changed(membership, at: 4, to: 2)
        == CodecError(
          .unsupportedVersion(2, newestKnown: 1), in: "a membership's format version", at: 4))
    #expect(
      self.changed(membership, at: 5, to: 1)
        == CodecError(.reservedBits(1), in: "a membership's flags", at: 5))
    #expect(
      self.changed(membership, at: 9, to: 2)
        == CodecError(.unknownValue(2), in: "a leadership rule", at: 9))
    #expect(
      self.changed(membership, at: 15, to: 9)
        == CodecError(.unknownValue(9), in: "the leaving rule", at: 15))
    #expect(
      self.changed(membership, at: bytes.count - 1, to: 2)
        == CodecError(.unknownValue(2), in: "a member's role", at: bytes.count - 1))
  }

  @Test("Bytes behind the known fields are refused")
  func trailing() throws {
    var bytes = Self.encode(try Membership(voters: [Member(id: 7, address: "")]))
    bytes.append(0)
    bytes[0] += 1
    #expect(
      refusal { () throws(CodecError) in _ = try Self.decode(bytes) }
        == CodecError(.trailingBytes(1), in: "a membership", at: bytes.count - 1))
  }

  @Test("What cannot be a membership is refused with the reason")
  func impossible() throws {
    let membership = try Membership(voters: [Member(id: 7, address: "")])
    // The only voter becomes node 6, which is no member.
    #expect(
      self.changed(membership, at: 24, to: 6)
        == CodecError(
          .invalid("node 6 is no member: add it as a learner before it becomes a voter"),
          in: "a membership", at: 4))
  }

  @Test("Voters and members that do not ascend are refused: one membership has one encoding")
  func order() throws {
    let membership = try Membership(
      voters: [Member(id: 1, address: ""), Member(id: 2, address: "")])
    var bytes = Self.encode(membership)
    #expect(bytes[24] == 1 && bytes[32] == 2)
    bytes[24] = 2
    bytes[32] = 1
    #expect(
      refusal { () throws(CodecError) in _ = try Self.decode(bytes) }
        == CodecError(.invalid("its nodes do not ascend"), in: "a membership", at: 4))
  }

  @Test("Keys that Unicode takes for the same text are refused, not merged")
  func sameKey() {
    var writer = ByteWriter()
    writer.write(NodeID(1))
    let text = { (bytes: [UInt8]) in
      writer.write(UInt32(bytes.count))
      writer.write(bytes: bytes)
    }
    text([])
    text([])
    writer.write(UInt32(2))
    // The letter e with an acute accent, composed of two scalars and as one.
    text([0x65, 0xCC, 0x81])
    text([])
    text([0xC3, 0xA9])
    text([])
    writer.write(bytes: [0, 0, 0])
    var reader = ByteReader(writer.bytes)
    let refused = refusal { () throws(CodecError) in _ = try reader.readMember() }
    #expect(
      refused
        == CodecError(.invalid("the key \"é\" stands twice"), in: "a member's metadata", at: 41))
  }
}
