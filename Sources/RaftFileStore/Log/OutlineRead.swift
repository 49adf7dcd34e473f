internal import Raft
internal import RaftCodec

/// Reads what a start must know of entries that are on the disk: from the indexes of their segments.
struct OutlineRead: Sendable {
  private var outline = LogOutline()
  private let current: (segment: SegmentFile, index: SegmentIndex)?

  /// A reading, with what is known of the segment that is being written.
  init(current: (segment: SegmentFile, index: SegmentIndex)?) {
    self.current = current
  }

  /// The outline of the entries of these parts of segments; blocks.
  mutating func read(_ spans: [DiskIndex.Span]) throws(StorageError) -> LogOutline {
    for span in spans { try self.add(span) }
    for span in spans.reversed() where !self.knowsKind { try self.sample(span) }
    if let last = spans.last {
      // Timestamps never go back along the log.
      try Self.entries(of: last, from: last.last, through: last.last) {
        self.outline.note($0.run.timestamp)
      }
    }
    return self.outline
  }

  private var knowsKind: Bool {
    self.outline.kinds.contains(.command) || self.outline.kinds.contains(.withheld)
  }

  private mutating func add(_ span: DiskIndex.Span) throws(StorageError) {
    var index = try span.storedIndex()
    if let current = self.current, current.segment === span.segment { index = current.index }
    guard let index else {
      // Written by an earlier version: its entries tell.
      return try Self.entries(of: span, from: span.first, through: span.last) {
        self.outline.append($0.run)
      }
    }
    for (place, leadership) in index.leaderships.enumerated() {
      let behind =
        place + 1 < index.leaderships.count
        ? index.leaderships[place + 1].first : index.next
      let first = max(leadership.first, span.first)
      let last = min(behind.previous ?? 0, span.last)
      guard first <= last else { continue }
      self.outline.append(entriesOf: leadership.leader, from: first, through: last)
    }
    for membership in index.memberships where span.first <= membership && membership <= span.last {
      let read = LogRead(first: membership, last: membership, byteLimit: 0)
      for slice in try read.readBack([span.part(from: membership)]) {
        guard let content = slice.run.membership else { continue }
        self.outline.append(LoggedMembership(logID: slice.lastLogID, membership: content))
      }
    }
  }

  /// Reads entries of a segment, a stretch at a time from its end, until one tells whose log it is.
  private mutating func sample(_ span: DiskIndex.Span) throws(StorageError) {
    let marks = try span.marks()
    var end: LogIndex? = span.last
    while let last = end, last >= span.first, !self.knowsKind {
      let first = marks.place(of: last).map { max(marks.list[$0].first, span.first) } ?? span.first
      try Self.entries(of: span, from: first, through: last) { self.outline.note($0.run.kind) }
      end = first.previous
    }
  }

  private static func entries(
    of span: DiskIndex.Span, from first: LogIndex, through last: LogIndex,
    _ body: (EntrySlice) -> Void
  ) throws(StorageError) {
    var next = first
    while next <= last {
      let read = LogRead(first: next, last: last, byteLimit: 1 << 20)
      for slice in try read.readBack([span.part(from: next)]) {
        body(slice)
        next = slice.last.next
      }
    }
  }
}
