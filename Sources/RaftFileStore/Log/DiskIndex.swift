internal import Raft
internal import RaftCodec

/// In which segment each durable entry is.
///
/// It knows segments, not entries: where an entry is within one, the segment's marks tell, which
/// are in the segment's own index, or at hand for the segment that is being written.
struct DiskIndex: Sendable {
  /// Where the marks of a segment are.
  enum Source: Sendable {
    /// The segment is the one that is being written.
    case current
    /// In the segment's index, which begins at this offset.
    case stored(at: Int)
    /// At hand, since the segment has no index.
    case atHand(SegmentMarks)
  }

  /// The entries of one segment, as far as they are still part of the log.
  struct Part: Sendable {
    let segment: SegmentFile
    var first: LogIndex
    var next: LogIndex
    var source: Source
  }

  /// Entries to be read from one segment.
  struct Span: Sendable {
    let segment: SegmentFile
    let first: LogIndex
    let last: LogIndex
    fileprivate let source: Source

    /// Where to look for entries in the segment.
    func marks() throws(StorageError) -> SegmentMarks {
      switch self.source {
      case .current: SegmentMarks()
      case .stored(let offset): try self.segment.marks(at: offset)
      case .atHand(let marks): marks
      }
    }

    /// The index that the segment ends with; `nil` if it has none.
    func storedIndex() throws(StorageError) -> SegmentIndex? {
      guard case .stored(let offset) = self.source else { return nil }
      return try self.segment.readIndex(at: offset)
    }

    /// The same from this entry on.
    func part(from first: LogIndex) -> Span {
      Span(segment: self.segment, first: first, last: self.last, source: self.source)
    }
  }

  /// The parts, in the order of their entries.
  private var parts: [Part]
  /// The marks of the segment that is being written.
  private var currentMarks = SegmentMarks()

  /// An index of these parts, and of the marks in the last one.
  init(_ parts: [Part] = [], currentMarks: SegmentMarks = SegmentMarks()) {
    self.parts = parts
    self.currentMarks = currentMarks
  }

  /// The entries of a range, by segments; it ends where an entry is not on the disk.
  func spans(from first: LogIndex, through last: LogIndex) -> [Span] {
    var spans: [Span] = []
    var next = first
    for part in self.parts[self.firstPart(endingBehind: first)...] {
      guard next <= last, part.first <= next, next < part.next else { break }
      let end = min(last, part.next.previous ?? 0)
      var source = part.source
      if case .current = source { source = .atHand(self.currentMarks) }
      spans.append(Span(segment: part.segment, first: next, last: end, source: source))
      next = end.next
    }
    return spans
  }

  /// Notes that entries are durable in the segment that is being written.
  mutating func note(from first: LogIndex, through last: LogIndex, in segment: SegmentFile) {
    let end = self.parts.count - 1
    guard end >= 0, self.parts[end].segment === segment else {
      self.parts.append(
        Part(segment: segment, first: first, next: last.next, source: .current))
      return
    }
    if self.parts[end].next != first { self.parts[end].first = first }
    self.parts[end].next = last.next
  }

  /// Takes over the marks of the segment that is being written.
  mutating func take(_ marks: SegmentMarks) {
    self.currentMarks = marks
  }

  /// Notes that the segment is complete.
  mutating func seal(_ segment: SegmentFile, indexOffset: Int) {
    for place in self.parts.indices.reversed() where self.parts[place].segment === segment {
      self.parts[place].source = .stored(at: indexOffset)
    }
  }

  /// Removes the entries from this index on.
  mutating func truncate(from next: LogIndex) {
    while let part = self.parts.last, part.first >= next { self.parts.removeLast() }
    if let part = self.parts.last, part.next > next { self.parts[self.parts.count - 1].next = next }
  }

  /// Removes the entries before this index.
  mutating func purge(upTo next: LogIndex) {
    self.parts.removeFirst(self.firstPart(endingBehind: next))
    if let part = self.parts.first, part.first < next { self.parts[0].first = next }
  }

  /// The number of the first part that reaches beyond this index.
  private func firstPart(endingBehind index: LogIndex) -> Int {
    var low = 0
    var high = self.parts.count
    while low < high {
      let middle = (low + high) / 2
      if self.parts[middle].next > index {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}
