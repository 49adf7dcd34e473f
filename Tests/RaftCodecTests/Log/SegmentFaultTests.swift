import RaftCodec
import RaftEngine
import Testing

@Suite("Segments under random faults")
struct SegmentFaultTests {
  /// A random log of a few batches, over zeros or over a former use of the file.
  private struct Story {
    var segment: SegmentFixture
    /// Everything before this is vouched for by a later record, and by the last batch's first.
    var vouched: Int
    var random: SeededGenerator

    init(seed: UInt64) {
      var vocabulary = RandomVocabulary(seed: seed)
      var former: [UInt8] = Array(repeating: 0, count: 16384)
      if seed % 2 == 0 {
        var old = SegmentFixture(salt: seed, over: former)
        for _ in 0..<8 { old.write([vocabulary.record(), vocabulary.record()]) }
        former = old.file
      }
      self.segment = SegmentFixture(
        salt: seed + 1,
        previousEnd: SegmentPosition(offset: 256, nextSequence: 1000, checksum: 1), over: former)
      for _ in 0...vocabulary.count(4) {
        self.segment.write((0...vocabulary.count(3)).map { _ in vocabulary.record() })
      }
      self.vouched = self.segment.encoder.synced.offset
      self.random = vocabulary.random
    }

    /// Changes a byte at this place to another value.
    mutating func disturb(_ file: inout [UInt8], at index: Int) {
      file[index] ^= UInt8.random(in: 1...255, using: &self.random)
    }

    /// The records that end before this place.
    func records(before place: Int) -> [LogRecord] {
      self.segment.placed.prefix { $0.range.upperBound <= place }.map(\.record)
    }
  }

  @Test("An undisturbed log comes back whole", arguments: 0..<40 as Range<UInt64>)
  func undisturbed(seed: UInt64) {
    let story = Story(seed: seed)
    let scan = story.segment.scan(stretch: 512)
    #expect(scan.records == story.segment.placed.map(\.record))
    #expect(scan.verdict == .clean(story.segment.encoder.position))
  }

  @Test("A fault in what is vouched for is found as damage", arguments: 0..<60 as Range<UInt64>)
  func damage(seed: UInt64) {
    var story = Story(seed: seed)
    guard story.vouched > SegmentHeader.size else { return }
    for _ in 0..<6 {
      var file = story.segment.file
      let index = Int.random(in: SegmentHeader.size..<story.vouched, using: &story.random)
      story.disturb(&file, at: index)
      let scan = story.segment.scan(file, stretch: 512)
      #expect(scan.records == story.records(before: index))
      guard case .damaged(let place, _, .laterRecord) = scan.verdict else {
        Issue.record("byte \(index): \(scan.verdict)")
        return
      }
      #expect(place.offset <= index)
    }
  }

  @Test(
    "A power loss in the last batch loses nothing before it and is no damage",
    arguments: 0..<120 as Range<UInt64>)
  func powerLoss(seed: UInt64) {
    var story = Story(seed: seed)
    let segment = story.segment
    var file = segment.file
    // The disk wrote some of the batch's sectors, in any order, and lost the others.
    var firstLost = segment.encoder.position.offset
    for sector in stride(from: story.vouched, to: segment.encoder.position.offset, by: 64)
    where Bool.random(using: &story.random) {
      firstLost = min(firstLost, sector)
      for index in sector..<min(sector + 64, segment.encoder.position.offset) {
        file[index] = seed % 2 == 0 ? story.random.byte() : 0
      }
    }
    let scan = segment.scan(file, stretch: 512)
    let kept = story.records(before: firstLost)
    #expect(Array(scan.records.prefix(kept.count)) == kept)
    #expect(segment.placed.map(\.record).starts(with: scan.records))
    switch scan.verdict {
    case .clean(let end), .torn(let end, _):
      #expect(end.offset >= story.vouched)
    default:
      Issue.record("\(scan.verdict)")
    }
  }

  @Test("After a cut the log goes on, and a second scan agrees", arguments: 0..<60 as Range<UInt64>)
  func recovery(seed: UInt64) {
    var story = Story(seed: seed)
    let last = story.segment.encoder.position.offset
    for index in stride(from: story.vouched, to: last, by: 8)
    where Int.random(in: 0..<10, using: &story.random) == 0 {
      story.segment.file[index] ^= 0xFF
    }
    let before = story.segment.scan()
    let end: SegmentPosition
    switch before.verdict {
    case .clean(let place): end = place
    case .torn(let place, let leftover):
      end = place
      for index in place.offset..<leftover { story.segment.file[index] = 0 }
      #expect(story.segment.scan().verdict == .clean(place))
    default:
      Issue.record("\(before.verdict)")
      return
    }
    var vocabulary = RandomVocabulary(seed: seed + 500)
    story.segment.encoder = SegmentEncoder(story.segment.header, resumingAt: end)
    let more = [vocabulary.record(), vocabulary.record()]
    story.segment.write(more)
    let after = story.segment.scan()
    #expect(after.records == before.records + more)
    #expect(after.verdict == .clean(story.segment.encoder.position))
  }

  @Test("Random bytes behind a right header are never taken for records")
  func noise() {
    var random = SeededGenerator(seed: 77)
    let header = SegmentFixture().header
    for _ in 0..<30 {
      var file = header.encoded
      for _ in 0..<2000 {
        file +=
          Int.random(in: 0..<20, using: &random) == 0 ? [0xF5, 0x52, 0x45, 0x43] : [random.byte()]
      }
      let scan = Scan(header, file, sealedEnd: nil, stretch: 300)
      #expect(scan.records == [])
      #expect(scan.verdict == .clean(header.firstPosition))
    }
  }
}
