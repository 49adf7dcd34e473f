/// The search behind a record that cannot be read, for one that vouches for the place.
///
/// A header counts only if its checksum is right with the segment's salt, it names the place where
/// it stands, and its sequence number lies behind the records read. So neither the former use of a
/// recycled file nor bytes inside a payload count. A header that states a synced end beyond the
/// failed place proves that the place was synced: a writer states only what a sync confirmed, and
/// what a torn verdict once left behind states nothing beyond the cut.
struct WitnessSearch: Sendable {
  private let failure: SegmentPosition
  private let reason: CodecError
  private let salt: UInt64
  private var next: Int
  private var leftover: Int?
  private var witness: Int?

  /// A search that begins at the failed place itself.
  init(from failure: SegmentPosition, after reason: CodecError, salt: UInt64) {
    self.failure = failure
    self.reason = reason
    self.salt = salt
    self.next = failure.offset
  }

  /// What the search has shown, once it is over.
  var verdict: SegmentVerdict {
    if let witness = self.witness {
      .damaged(at: self.failure, reason: self.reason, evidence: .laterRecord(at: witness))
    } else if let leftover = self.leftover {
      .torn(at: self.failure, leftoverUpTo: leftover)
    } else {
      .clean(self.failure)
    }
  }

  /// Searches the window; returns from where on bytes are missing, or `nil` when it is over.
  mutating func advance(in window: SegmentWindow, length: Int) -> Int? {
    while self.witness == nil, self.next + RecordHeader.size <= length {
      guard window.index(of: self.next, count: RecordHeader.size) != nil else { return self.next }
      guard let candidate = self.nextMark(in: window) else { continue }
      self.examine(candidate, in: window, length: length)
      self.next = candidate + RecordHeader.alignment
    }
    return nil
  }

  /// The next place in the window where a record may begin; moves on through the window.
  private mutating func nextMark(in window: SegmentWindow) -> Int? {
    let last = window.end - RecordHeader.size
    let start = self.next
    let found = window.bytes.withUnsafeBytes { bytes -> Int? in
      var place = start
      while place <= last {
        let word = bytes.loadUnaligned(fromByteOffset: place - window.offset, as: UInt32.self)
        if UInt32(littleEndian: word) == RecordHeader.magic { return place }
        place += RecordHeader.alignment
      }
      return nil
    }
    if found == nil {
      let steps = (last - start) / RecordHeader.alignment + 1
      self.next = start + steps * RecordHeader.alignment
    }
    return found
  }

  private mutating func examine(_ place: Int, in window: SegmentWindow, length: Int) {
    let index = place - window.offset
    guard
      let header = try? RecordHeader(at: index, of: window.bytes, offset: place, salt: self.salt)
    else {
      self.noteUnfinishedHeader(at: place, in: window)
      return
    }
    guard header.sequence >= self.failure.nextSequence else { return }
    if header.syncedEnd > self.failure.offset {
      self.witness = place
    } else {
      self.noteLeftover(through: min(length, place + header.recordLength))
    }
  }

  /// A header that was not wholly written still shows that a write was under way.
  ///
  /// Those of a former use of the file have smaller numbers.
  private mutating func noteUnfinishedHeader(at place: Int, in window: SegmentWindow) {
    let index = place - window.offset
    let (sequence, offset) = window.bytes.withUnsafeBytes {
      (
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)),
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self))
      )
    }
    if sequence >= self.failure.nextSequence, offset == UInt64(place) {
      self.noteLeftover(through: place + RecordHeader.size)
    }
  }

  private mutating func noteLeftover(through end: Int) {
    self.leftover = max(end, self.leftover ?? 0)
  }
}
