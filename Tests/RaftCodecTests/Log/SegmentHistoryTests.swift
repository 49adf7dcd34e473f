import RaftEngine
import Testing

@testable import RaftCodec

@Suite("Segments with a past and with successors")
struct SegmentHistoryTests {
  private static func vote(_ term: UInt64) -> LogRecord {
    .vote(Vote(leader: LeaderID(term: Term(term), node: 1), isCommitted: false))
  }

  @Test("Records of a file's former use are never taken, though whole and in place")
  func recycled() {
    var former = SegmentFixture(salt: 1)
    for term in 1...20 { former.write([Self.vote(UInt64(term))]) }
    var segment = SegmentFixture(
      salt: 2,
      previousEnd: SegmentPosition(offset: 2048, nextSequence: 20, checksum: 5),
      over: former.file)
    #expect(segment.scan().records == [])
    #expect(segment.scan().verdict == .clean(segment.header.firstPosition))
    segment.write([Self.vote(21)])
    #expect(segment.scan().records == [Self.vote(21)])
    #expect(segment.scan().verdict == .clean(segment.encoder.position))
  }

  @Test("Records of a former use do not vouch for anything")
  func recycledWitness() {
    var former = SegmentFixture(salt: 1)
    for term in 1...20 { former.write([Self.vote(UInt64(term))]) }
    var segment = SegmentFixture(
      salt: 2,
      previousEnd: SegmentPosition(offset: 2048, nextSequence: 20, checksum: 5),
      over: former.file)
    segment.write([Self.vote(21), Self.vote(22)])
    var file = segment.file
    file[segment.placed[1].range.lowerBound + 70] ^= 1
    #expect(
      segment.scan(file).verdict
        == .torn(
          at: SegmentPosition(
            offset: segment.placed[0].range.upperBound, nextSequence: 21,
            checksum: segment.placed[0].checksum(in: file)),
          leftoverUpTo: segment.encoder.position.offset))
  }

  @Test("Should two salts be as good as equal, the numbers still tell a former use apart")
  func sameSalt() {
    var former = SegmentFixture()
    for term in 1...20 { former.write([Self.vote(UInt64(term))]) }
    var segment = SegmentFixture(
      previousEnd: SegmentPosition(offset: 2048, nextSequence: 20, checksum: 5),
      over: former.file)
    segment.write([Self.vote(21)])
    #expect(segment.scan().records == [Self.vote(21)])
    #expect(segment.scan().verdict == .clean(segment.encoder.position))
  }

  @Test("A whole segment inside a payload does not count as records")
  func embedded() throws {
    var inner = SegmentFixture()
    for term in 1...5 { inner.write([Self.vote(UInt64(term))]) }
    // The payload of the torn record holds records of this very segment, only elsewhere. Four
    // bytes before them bring them to multiples of eight in the file.
    let records = inner.file[SegmentHeader.size..<inner.encoder.position.offset]
    let copy = [0, 0, 0, 0] + Array(records)
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    let end = segment.encoder.position
    let run = EntryRun(
      leader: LeaderID(term: 1, node: 1), first: 0, count: 1, byteCount: copy.count,
      kind: .command, timestamp: .epoch)
    segment.write([
      .entries(EntryBlock(run: run, bytes: copy, ends: [UInt32(copy.count)]))
    ])
    var file = segment.file
    file[segment.encoder.position.offset - 9] ^= 1
    #expect(
      segment.scan(file).verdict
        == .torn(at: end, leftoverUpTo: segment.encoder.position.offset))
  }

  @Test("What a cut left behind neither comes back nor proves damage")
  func leftover() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    let cut = segment.encoder.position
    segment.write([Self.vote(2), Self.vote(3), Self.vote(4)])
    // Only the last two records of the second batch reached the disk. The log goes on at the cut.
    segment.encoder = SegmentEncoder(segment.header, resumingAt: cut)
    segment.write([Self.vote(9)])
    let end = segment.encoder.position
    let scan = segment.scan()
    #expect(scan.records == [Self.vote(1), Self.vote(9)])
    guard case .torn(end, _) = scan.verdict else {
      Issue.record("\(scan.verdict)")
      return
    }
    // The first record is vouched for by the new one, the new one by nobody.
    var file = segment.file
    file[cut.offset + 70] ^= 1
    guard case .torn(cut, _) = segment.scan(file).verdict else {
      Issue.record("\(segment.scan(file).verdict)")
      return
    }
  }

  @Test("A segment with a successor must reach the end that the successor states")
  func successor() {
    var segment = SegmentFixture()
    for term in 1...3 { segment.write([Self.vote(UInt64(term))]) }
    let end = segment.encoder.position
    #expect(segment.scan(sealedEnd: end).verdict == .clean(end))

    let last = segment.placed[2].range.lowerBound
    for index in last..<end.offset {
      var file = segment.file
      file[index] ^= 1
      guard
        case .damaged(let place, _, .nextSegment) = segment.scan(file, sealedEnd: end).verdict
      else {
        Issue.record("byte \(index): \(segment.scan(file, sealedEnd: end).verdict)")
        return
      }
      #expect(place.offset == last)
    }

    let short = Array(segment.file[..<(end.offset - 8)])
    guard case .damaged(_, _, .nextSegment) = segment.scan(short, sealedEnd: end).verdict else {
      Issue.record("\(segment.scan(short, sealedEnd: end).verdict)")
      return
    }
  }

  @Test("A successor that follows another record, or states a place inside one, shows damage")
  func wrongSuccessor() {
    var segment = SegmentFixture()
    for term in 1...3 { segment.write([Self.vote(UInt64(term))]) }
    var other = segment.encoder.position
    other.checksum ^= 1
    #expect(
      segment.scan(sealedEnd: other).verdict
        == .damaged(
          at: segment.encoder.position,
          reason: CodecError(
            .invalid("the next segment does not follow the last record"), in: "a record",
            at: segment.encoder.position.offset),
          evidence: .nextSegment))
    var inside = segment.encoder.position
    inside.offset -= 8
    guard case .damaged(_, _, .nextSegment) = segment.scan(sealedEnd: inside).verdict else {
      Issue.record("\(segment.scan(sealedEnd: inside).verdict)")
      return
    }
  }

  @Test("A whole record of a newer build stops the scan, and is no damage")
  func newer() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    let place = segment.encoder.position
    segment.write([Self.vote(2)])
    segment.write([.seal])
    for (index, byte) in [(4, UInt8(2)), (5, 99), (6, 1), (56, 1)] {
      let file = segment.forged(at: place.offset, [index: byte])
      let scan = segment.scan(file)
      #expect(scan.records == [Self.vote(1)])
      guard case .unreadable(place, let reason) = scan.verdict else {
        Issue.record("byte \(index): \(scan.verdict)")
        return
      }
      #expect(reason.isFromNewerFormat)
    }
  }

  @Test("A record that vouches for a place or a checksum that never was is not taken")
  func falseVoucher() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1), Self.vote(2)])
    segment.write([Self.vote(3)])
    let place = segment.placed[2].range.lowerBound
    #expect(segment.scan(segment.forged(at: place, [:])).records.count == 3)
    #expect(segment.file[place + 32] == 0x30 && segment.file[place + 33] == 0x01)
    // A place inside a record, a boundary with another checksum, the right place with another.
    let forgeries: [[Int: UInt8]] = [
      [32: 0x28], [32: 0xD8, 33: 0], [40: segment.file[place + 40] ^ 1],
    ]
    for forgery in forgeries {
      let scan = segment.scan(segment.forged(at: place, forgery))
      #expect(scan.records == [Self.vote(1), Self.vote(2)], "\(forgery)")
    }
  }
}

extension SegmentFixture {
  /// The file with some bytes of the header at this place replaced and its checksum made right.
  fileprivate func forged(at place: Int, _ changes: [Int: UInt8]) -> [UInt8] {
    var file = self.file
    for (index, byte) in changes { file[place + index] = byte }
    let checksum = CRC32C.checksum(
      of: file, in: place..<(place + 60), after: CRC32C.checksum(of: self.header.salt))
    file.replaceSubrange(
      (place + 60)..<(place + 64), with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
    return file
  }
}

extension SegmentFixture.Placed {
  /// The checksum in the record's header, as the file states it.
  func checksum(in file: [UInt8]) -> UInt32 {
    file[(self.range.lowerBound + 60)..<(self.range.lowerBound + 64)].reversed()
      .reduce(0) { $0 << 8 | UInt32($1) }
  }
}
