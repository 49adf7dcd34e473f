import RaftCodec
import RaftEngine
import Testing

@Suite("Vocabulary")
struct VocabularyCodingTests {
  /// Writes random values, reads them back, and disturbs the bytes.
  private func check<Value: Equatable>(
    seed: UInt64, _ draw: (inout RandomVocabulary) -> Value,
    _ write: (inout ByteWriter, Value) -> Void,
    _ read: (inout ByteReader) throws(CodecError) -> Value,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var vocabulary = RandomVocabulary(seed: seed)
    for round in 0..<60 {
      let value = draw(&vocabulary)
      var writer = ByteWriter()
      write(&writer, value)
      var reader = ByteReader(writer.bytes)
      #expect(try read(&reader) == value, sourceLocation: sourceLocation)
      #expect(reader.remaining == 0, sourceLocation: sourceLocation)
      expectEveryPrefixRefused(of: writer.bytes, sourceLocation: sourceLocation) {
        (bytes) throws(CodecError) in
        var reader = ByteReader(bytes)
        _ = try read(&reader)
      }
      disturb(writer.bytes, seed: UInt64(round), rounds: 40) { (bytes) throws(CodecError) in
        var reader = ByteReader(bytes)
        _ = try read(&reader)
      }
    }
  }

  @Test("Positions in time and log come back as they were")
  func positions() throws {
    try self.check(
      seed: 1, { $0.leader() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readLeaderID()
      })
    try self.check(
      seed: 2, { $0.vote() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readVote()
      })
    try self.check(
      seed: 3, { $0.logID() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readLogID()
      })
    try self.check(
      seed: 4, { $0.maybe { $0.logID() } }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readOptionalLogID()
      })
    try self.check(
      seed: 5, { $0.maybe { $0.vote() } }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readOptionalVote()
      })
  }

  @Test("Identities come back as they were")
  func identities() throws {
    try self.check(
      seed: 6, { $0.node() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readNodeID()
      })
    try self.check(
      seed: 7, { $0.maybe { $0.incarnation() } }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readOptionalIncarnation()
      })
    try self.check(
      seed: 8, { $0.maybe { $0.cluster() } }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readOptionalClusterID()
      })
  }

  @Test("Members and memberships come back as they were")
  func memberships() throws {
    try self.check(
      seed: 9, { $0.member($0.node()) }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readMember()
      })
    try self.check(
      seed: 10, { $0.membership() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readMembership()
      })
    try self.check(
      seed: 11, { $0.loggedMembership() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readLoggedMembership()
      })
  }

  @Test("What a snapshot stands for comes back as it was")
  func snapshotMeta() throws {
    try self.check(
      seed: 12, { $0.snapshotMeta() }, { $0.write($1) },
      {
        (reader) throws(CodecError) in try reader.readSnapshotMeta()
      })
  }

  @Test("A term or index that leaves no room to count on is refused")
  func limits() {
    var writer = ByteWriter()
    writer.write(UInt64(1) << 63)
    var term = ByteReader(writer.bytes)
    let explanation = "9223372036854775808 leaves no room to count on: it must be below 2^63"
    #expect(
      refusal { () throws(CodecError) in _ = try term.readTerm() }
        == CodecError(.invalid(explanation), in: "a term", at: 0))
    var index = ByteReader(writer.bytes)
    #expect(
      refusal { () throws(CodecError) in _ = try index.readLogIndex() }
        == CodecError(.invalid(explanation), in: "a log index", at: 0))
  }
}
