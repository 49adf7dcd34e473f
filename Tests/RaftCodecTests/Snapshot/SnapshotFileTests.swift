import RaftCodec
import RaftEngine
import Testing

@Suite("Snapshot file")
struct SnapshotFileTests {
  private static func description() throws -> SnapshotDescription {
    SnapshotDescription(
      meta: SnapshotMeta(
        lastLogID: LogID(term: 3, node: 1, index: 42),
        membership: LoggedMembership(
          logID: LogID(term: 1, node: 1, index: 0),
          membership: try Membership(voters: [Member(id: 1, address: "a")]))),
      digest: StateDigest(index: 40, value: 0x0102_0304_0506_0708), group: 5)
  }

  private func encode(
    _ description: SnapshotDescription, _ pieces: [[UInt8]]
  ) -> (file: [UInt8], meta: SnapshotMeta) {
    var writer = ByteWriter()
    var encoder = SnapshotFileEncoder(description, into: &writer)
    for piece in pieces { encoder.encode(content: piece, into: &writer) }
    let meta = encoder.finish(into: &writer)
    return (writer.bytes, meta)
  }

  /// What a file holds: its description, its content in pieces, what its end says.
  private struct Contents: Equatable {
    var description: SnapshotDescription?
    var pieces: [[UInt8]] = []
    var meta: SnapshotMeta?
  }

  private func decode(_ file: [UInt8]) throws(CodecError) -> Contents {
    var decoder = SnapshotFileDecoder()
    var contents = Contents()
    while true {
      switch try decoder.next() {
      case .wants(let count):
        let end = min(file.count, decoder.offset + count)
        decoder.supply(Array(file[decoder.offset..<end]))
      case .description(let description): contents.description = description
      case .content(let piece): contents.pieces.append(piece)
      case .end(let meta):
        guard decoder.offset == file.count else {
          throw CodecError(.trailingBytes(file.count - decoder.offset), in: "a file", at: 0)
        }
        contents.meta = meta
        return contents
      }
    }
  }

  @Test("The bytes of a snapshot file are these")
  func golden() throws {
    let golden = """
      f5534e500100000001000000a70000000000000000000000a84ce0f95d30aa97
      0500000000000000030000000000000001000000000000002a00000000000000
      0101000000000000000100000000000000000000000000000038000000010000
      0000000001000000000100000001000000010000000000000001000000010000
      0000000000010000006100000000000000000000000000000000000000000000
      0000000000000000000000000000012800000000000000080706050403020100
      000000000000000200000003000000010000005d30aa971ef230f193f3c28601
      02030200000002000000020000005d30aa9712021a8a4e4e555a040503000000
      18000000030000005d30aa97a7a2d1bfb276802a05000000000000002fd6c084
      48ab858d0200000000000000
      """
    let (file, meta) = self.encode(try Self.description(), [[1, 2, 3], [4, 5]])
    expectGolden(file, golden)
    #expect(
      try self.decode(bytes(golden))
        == Contents(
          description: try Self.description(), pieces: [[1, 2, 3], [4, 5]], meta: meta))
  }

  @Test("Length and hash of the content come out at the end, from both sides")
  func meta() throws {
    var vocabulary = RandomVocabulary(seed: 40)
    for _ in 0..<60 {
      let description = SnapshotDescription(
        meta: vocabulary.snapshotMeta(), digest: vocabulary.maybe { $0.digest() },
        group: vocabulary.number())
      let pieces = vocabulary.list(5) { $0.bytes(80) }
      let (file, meta) = self.encode(description, pieces)
      var expected = description.meta
      var hash = ContentHash()
      hash.update(with: pieces.flatMap { $0 })
      expected.byteCount = UInt64(pieces.joined().count)
      expected.contentHash = hash.value
      #expect(meta == expected)
      let contents = try self.decode(file)
      #expect(contents.meta == expected)
      #expect(contents.pieces == pieces.filter { !$0.isEmpty })
      #expect(contents.description?.digest == description.digest)
      #expect(contents.description?.group == description.group)
    }
  }

  @Test("No bit of a file may change, and no byte may miss")
  func damage() throws {
    let (file, _) = self.encode(try Self.description(), [[1, 2, 3], [4, 5]])
    expectEveryFlipRefused(of: file) { (bytes) throws(CodecError) in _ = try self.decode(bytes) }
    expectEveryPrefixRefused(of: file) { (bytes) throws(CodecError) in _ = try self.decode(bytes) }
  }

  @Test("Pieces that miss, stand twice, change places or come from another file are refused")
  func pieces() throws {
    let (file, _) = self.encode(try Self.description(), [[1, 2], [3, 4]])
    let (other, _) = self.encode(
      SnapshotDescription(meta: try Self.description().meta), [[1, 2], [3, 4]])
    let piece = 24 + 2
    let start = file.count - SnapshotFileDecoder.endSize - 2 * piece
    let head = Array(file[..<start])
    let first = Array(file[start..<(start + piece)])
    let second = Array(file[(start + piece)..<(start + 2 * piece)])
    let end = Array(file.suffix(SnapshotFileDecoder.endSize))
    #expect(try self.decode(head + first + second + end).pieces == [[1, 2], [3, 4]])
    let foreign = Array(other.dropLast(SnapshotFileDecoder.endSize + piece).suffix(piece))
    #expect(foreign[24...] == first[24...])
    for wrong in [
      head + second + end, head + first + end, head + first + first + second + end,
      head + second + first + end, head + foreign + second + end, first + second + end,
      head + head[8...] + first + second + end,
    ] {
      #expect(refusal { () throws(CodecError) in _ = try self.decode(wrong) } != nil)
    }
  }

  @Test("What a snapshot is can be read from its two ends alone")
  func ends() throws {
    let (file, meta) = self.encode(try Self.description(), [[1, 2, 3], [4, 5]])
    var decoder = SnapshotFileDecoder()
    while decoder.description == nil {
      if case .wants(let count) = try decoder.next() {
        decoder.supply(Array(file[decoder.offset..<(decoder.offset + count)]))
      }
    }
    let end = Array(file.suffix(SnapshotFileDecoder.endSize))
    let offset = file.count - end.count
    #expect(try decoder.meta(fromEnd: end, at: offset) == meta)
    expectEveryFlipRefused(of: end) { (bytes) throws(CodecError) in
      _ = try decoder.meta(fromEnd: bytes, at: offset)
    }
  }

  @Test("Changed and random files are read or refused")
  func disturbed() throws {
    let (file, _) = self.encode(try Self.description(), [[1, 2, 3], [4, 5]])
    disturb(file, seed: 41, rounds: 1000) { (bytes) throws(CodecError) in
      _ = try self.decode(bytes)
    }
  }
}
