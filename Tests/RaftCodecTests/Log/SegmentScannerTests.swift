import RaftEngine
import Testing

@testable import RaftCodec

@Suite("Segment scanner")
struct SegmentScannerTests {
  private static func vote(_ term: UInt64) -> LogRecord {
    .vote(Vote(leader: LeaderID(term: Term(term), node: 1), isCommitted: false))
  }

  /// Four batches: one record, two records, one record, a seal.
  private static func sealed() -> SegmentFixture {
    var segment = SegmentFixture()
    segment.write([vote(1)])
    segment.write([.entries(EntryBlockTests.commands), vote(2)])
    segment.write([vote(3)])
    segment.write([.seal])
    return segment
  }

  @Test("All records come out in order, and the end is clean", arguments: [64, 100, 160, 1 << 20])
  func clean(stretch: Int) {
    let segment = Self.sealed()
    let scan = segment.scan(stretch: stretch)
    #expect(scan.records == segment.placed.map(\.record))
    #expect(scan.verdict == .clean(segment.encoder.position))
  }

  @Test("A file that ends right behind its last record is clean too")
  func exactLength() {
    let segment = Self.sealed()
    let file = Array(segment.file[..<segment.encoder.position.offset])
    #expect(segment.scan(file).verdict == .clean(segment.encoder.position))
  }

  @Test("A segment without records is clean")
  func empty() {
    let segment = SegmentFixture()
    #expect(segment.scan().verdict == .clean(segment.header.firstPosition))
    let file = Array(segment.file[..<SegmentHeader.size])
    #expect(segment.scan(file).verdict == .clean(segment.header.firstPosition))
  }

  @Test("A file shorter than it was said to be ends where it ends")
  func shrunk() {
    let segment = Self.sealed()
    var scanner = SegmentScanner(segment.header, length: 1 << 30)
    var verdict: SegmentVerdict?
    while verdict == nil {
      switch scanner.next() {
      case .wants(let range): scanner.supply(Array(segment.file[range.clamped(to: 0..<4096)]))
      case .record: break
      case .end(let end): verdict = end
      }
    }
    #expect(verdict == .clean(segment.encoder.position))
  }

  @Test("Any bit flipped in what a later record vouches for is damage, right where it is")
  func damage() {
    let segment = Self.sealed()
    let vouched = segment.placed.dropLast()
    for index in vouched[0].range.lowerBound..<vouched[vouched.count - 1].range.upperBound {
      var file = segment.file
      file[index] ^= 1 << (index % 8)
      let scan = segment.scan(file)
      let hit = vouched.firstIndex { $0.range.contains(index) }!
      #expect(scan.records == vouched[..<hit].map(\.record))
      guard case .damaged(let place, _, .laterRecord(let witness)) = scan.verdict else {
        Issue.record("byte \(index): \(scan.verdict)")
        return
      }
      #expect(place.offset == vouched[hit].range.lowerBound)
      #expect(witness > place.offset)
    }
  }

  @Test("Any bit flipped in what nobody vouches for makes a torn tail, to be cut there")
  func tornTail() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    segment.write([.entries(EntryBlockTests.commands), Self.vote(2)])
    for index in segment.placed[1].range.lowerBound..<segment.placed[2].range.upperBound {
      var file = segment.file
      file[index] ^= 1 << (index % 8)
      let scan = segment.scan(file)
      let hit = segment.placed.firstIndex { $0.range.contains(index) }!
      #expect(scan.records == segment.placed[..<hit].map(\.record))
      let start = segment.placed[hit].range.lowerBound
      switch scan.verdict {
      case .torn(let place, let leftover):
        #expect(place.offset == start)
        #expect(leftover > start)
      case .clean(let place):
        // Of the last record, a broken mark, number or place leaves no trace of a record.
        #expect(place.offset == start)
        #expect(hit == 2)
        #expect([0..<4, 8..<16, 24..<32].contains { $0.contains(index - start) })
      default:
        Issue.record("byte \(index): \(scan.verdict)")
      }
    }
  }

  @Test("A batch whose first part never reached the disk is torn, though its end is whole")
  func writtenOutOfOrder() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    let synced = segment.encoder.position
    segment.write([Self.vote(2), Self.vote(3), Self.vote(4)])
    var file = segment.file
    for index in segment.placed[1].range { file[index] = 0 }
    let scan = segment.scan(file)
    #expect(scan.records == [Self.vote(1)])
    #expect(
      scan.verdict == .torn(at: synced, leftoverUpTo: segment.encoder.position.offset))
  }

  @Test("A hole of zeros in what was synced is damage")
  func lostWrite() {
    let segment = Self.sealed()
    var file = segment.file
    for index in segment.placed[0].range.lowerBound..<segment.placed[2].range.upperBound {
      file[index] = 0
    }
    let witness = segment.placed[3].range.lowerBound
    guard case .damaged(let place, let reason, let evidence) = segment.scan(file).verdict else {
      Issue.record("\(segment.scan(file).verdict)")
      return
    }
    #expect(place == segment.header.firstPosition)
    #expect(reason == CodecError(.wrongMagic(0), in: "a record header", at: 128))
    #expect(evidence == .laterRecord(at: witness))
  }

  @Test("The last batch is damage as soon as a seal confirms it, and a torn tail before")
  func seal() {
    var segment = SegmentFixture()
    segment.write([Self.vote(1)])
    var file = segment.file
    file[SegmentHeader.size + 70] ^= 1
    guard case .torn = segment.scan(file).verdict else {
      Issue.record("without a seal: \(segment.scan(file).verdict)")
      return
    }
    segment.write([.seal])
    file = segment.file
    file[SegmentHeader.size + 70] ^= 1
    guard case .damaged = segment.scan(file).verdict else {
      Issue.record("with a seal: \(segment.scan(file).verdict)")
      return
    }
  }
}
