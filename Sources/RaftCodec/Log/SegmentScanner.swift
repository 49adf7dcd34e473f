/// Reads the records of a segment from its beginning, and judges how they end.
///
/// It reads no file itself: it says which bytes it ``Step/wants(_:)``, and goes on when it was
/// given them by ``supply(_:)``. So it holds no more than one stretch of the file at a time.
///
/// A failure to read a record is *damage* if the record is known to have been synced, else the end
/// of the log. In a segment that another one follows, all records are known to have been synced:
/// the header of that one says so. In the last segment the scanner searches everything behind the
/// failure for a record of this segment that vouches for the failed place.
public struct SegmentScanner: Sendable {
  /// What the scanner has for its caller.
  public enum Step: Sendable {
    /// The next record, in order; its checksums are right.
    case record(ScannedRecord)
    /// The scanner needs these bytes of the file, by ``SegmentScanner/supply(_:)``.
    case wants(Range<Int>)
    /// The scan is over.
    case end(SegmentVerdict)
  }

  private enum Phase: Sendable {
    case records
    case search(WitnessSearch)
    case over(SegmentVerdict)
  }

  /// Where the next record is expected, behind everything read so far.
  public private(set) var position: SegmentPosition
  private let salt: UInt64
  private let sealedEnd: SegmentPosition?
  private let stretch: Int
  private var length: Int
  private var window = SegmentWindow()
  private var phase = Phase.records
  /// The ends of records that a further one may state as synced, the earliest first.
  private var boundaries: [SegmentPosition]

  /// A scan of a segment from its first record on.
  ///
  /// - Parameters:
  ///   - header: The segment's header, as the file states it.
  ///   - length: The length of the file.
  ///   - sealedEnd: Where the segment ends according to the header of the one that follows it;
  ///     `nil` if none follows.
  ///   - stretch: About how many bytes to ask for at once.
  public init(
    _ header: SegmentHeader, length: Int, sealedEnd: SegmentPosition? = nil,
    stretch: Int = 1 << 20
  ) {
    self.position = header.firstPosition
    self.salt = header.salt
    self.length = length
    self.sealedEnd = sealedEnd
    self.stretch = max(stretch, RecordHeader.size)
    self.boundaries = [self.position]
  }

  /// Goes on to the next record or to the verdict; after the verdict, says it again.
  public mutating func next() -> Step {
    while true {
      switch self.phase {
      case .records:
        if let step = self.nextRecord() { return step }
      case .search(var search):
        if let missing = search.advance(in: self.window, length: self.length) {
          self.phase = .search(search)
          return self.want(from: missing, atLeast: RecordHeader.size)
        }
        self.phase = .over(search.verdict)
      case .over(let verdict):
        return .end(verdict)
      }
    }
  }

  /// Gives the scanner the bytes that it asked for; if they are fewer, the file ends there.
  ///
  /// - Precondition: there are not more than it asked for.
  public mutating func supply(_ bytes: [UInt8]) {
    if let end = self.window.fill(bytes) { self.length = end }
  }

  /// Reads one record, or else changes the phase.
  private mutating func nextRecord() -> Step? {
    let offset = self.position.offset
    if let sealedEnd = self.sealedEnd, offset == sealedEnd.offset {
      return self.reachedSealedEnd(sealedEnd)
    }
    let end = min(self.length, self.sealedEnd?.offset ?? .max)
    guard offset + RecordHeader.size <= end else {
      return self.fail(.truncated(needed: RecordHeader.size, available: max(0, end - offset)))
    }
    guard let index = self.window.index(of: offset, count: RecordHeader.size) else {
      return self.want(from: offset, atLeast: RecordHeader.size)
    }
    do throws(CodecError) {
      let header = try RecordHeader(
        at: index, of: self.window.bytes, offset: offset, salt: self.salt)
      guard self.follows(header) else {
        return self.fail(.invalid("it does not follow the record before it"))
      }
      guard header.recordLength <= end - offset else {
        return self.fail(.truncated(needed: header.recordLength, available: end - offset))
      }
      guard let index = self.window.index(of: offset, count: header.recordLength) else {
        return self.want(from: offset, atLeast: header.recordLength)
      }
      let record = try ScannedRecord(header, at: index, of: self.window.bytes)
      self.position = header.end
      self.boundaries.append(header.end)
      return .record(record)
    } catch {
      return self.fail(error)
    }
  }

  /// Whether the header continues the chain, and vouches for a place that lies on it.
  private mutating func follows(_ header: RecordHeader) -> Bool {
    guard header.sequence == self.position.nextSequence,
      header.previousChecksum == self.position.checksum,
      let place = self.boundaries.firstIndex(where: { $0.offset >= header.syncedEnd }),
      self.boundaries[place].offset == header.syncedEnd,
      self.boundaries[place].checksum == header.syncedChecksum
    else { return false }
    self.boundaries.removeFirst(place)
    return true
  }

  private mutating func reachedSealedEnd(_ sealedEnd: SegmentPosition) -> Step? {
    guard self.position == sealedEnd else {
      return self.fail(.invalid("the next segment does not follow the last record"))
    }
    self.phase = .over(.clean(self.position))
    return nil
  }

  private mutating func fail(_ reason: CodecError.Reason) -> Step? {
    self.fail(CodecError(reason, in: "a record", at: self.position.offset))
  }

  private mutating func fail(_ reason: CodecError) -> Step? {
    if reason.isFromNewerFormat {
      self.phase = .over(.unreadable(at: self.position, reason: reason))
    } else if self.sealedEnd != nil {
      self.phase = .over(
        .damaged(at: self.position, reason: reason, evidence: .nextSegment))
    } else {
      self.phase = .search(WitnessSearch(from: self.position, after: reason, salt: self.salt))
    }
    return nil
  }

  private mutating func want(from offset: Int, atLeast count: Int) -> Step {
    .wants(self.window.ask(from: offset, upTo: min(self.length, offset + max(count, self.stretch))))
  }
}
