public import RaftEngine

/// What the records of one segment add up to for whoever looks for entries, or starts.
///
/// It is the last record of a segment that another one follows. With it a start needs to read
/// only the last segment of a log, and a reader a short stretch of the others.
public struct SegmentIndex: Hashable, Sendable {
  /// Where a leadership's entries begin.
  public struct Leadership: Hashable, Sendable {
    /// Who wrote the entries.
    public let leader: LeaderID
    /// The first of them in the segment.
    public let first: LogIndex

    /// Names the place where a leadership begins.
    public init(leader: LeaderID, first: LogIndex) {
      self.leader = leader
      self.first = first
    }
  }

  /// The places to begin a search at.
  public var marks: SegmentMarks
  /// Whose entries the segment holds at its end, those behind it not counted.
  public var leaderships: [Leadership]
  /// Where the membership entries among them are.
  public var memberships: [LogIndex]
  /// The least index that a next entry would have had, at any moment of the segment: entries of
  /// earlier segments from there on are cut off.
  public var lowestNext: LogIndex
  /// The index that the next entry has at the segment's end.
  public var next: LogIndex
  /// The largest index of all entries ever written to the segment, cut off or not; `nil` without
  /// any.
  public var highest: LogIndex?
  /// The latest timestamp of all entries ever written to the segment.
  public var timestamp: Timestamp

  /// The index of a segment without entries, in a log that ends at this position.
  public init(continuing previous: LogID?) {
    self.marks = SegmentMarks()
    self.leaderships = []
    self.memberships = []
    self.lowestNext = previous.nextIndex
    self.next = previous.nextIndex
    self.timestamp = .epoch
  }

  /// Takes in a record of these entries, which begins at this offset.
  public mutating func append(_ run: EntryRun, at offset: Int) {
    self.marks.append(run.first, at: offset)
    if self.leaderships.last?.leader != run.leader {
      self.leaderships.append(Leadership(leader: run.leader, first: run.first))
    }
    if run.kind == .membership { self.memberships.append(run.first) }
    self.next = run.last.next
    self.highest = max(self.highest ?? 0, run.last)
    self.timestamp = max(self.timestamp, run.timestamp)
  }

  /// Takes in that all entries after this position were removed.
  public mutating func truncate(after position: LogID?) {
    let next = position.nextIndex
    guard next < self.next else { return }
    self.next = next
    self.lowestNext = min(self.lowestNext, next)
    self.marks.cut(from: next)
    self.leaderships.removeAll { $0.first >= next }
    self.memberships.removeAll { $0 >= next }
  }

  /// Takes in that all entries through this position were removed.
  public mutating func purge(through logID: LogID) {
    guard self.next <= logID.index else { return }
    self.next = logID.index.next
    self.marks.cut(from: self.next)
  }
}

extension ByteWriter {
  /// Writes an index.
  mutating func write(_ index: SegmentIndex) {
    self.write(index.lowestNext)
    self.write(index.next)
    self.write(presenceOf: index.highest)
    if let highest = index.highest { self.write(highest) }
    self.write(index.timestamp.nanoseconds)
    self.write(count: index.marks.list.count)
    for mark in index.marks.list {
      self.write(mark.first)
      self.write(UInt64(mark.offset))
    }
    self.write(count: index.leaderships.count)
    for leadership in index.leaderships {
      self.write(leadership.leader)
      self.write(leadership.first)
    }
    self.write(count: index.memberships.count)
    for membership in index.memberships { self.write(membership) }
  }
}

extension ByteReader {
  /// Reads an index.
  mutating func readSegmentIndex() throws(CodecError) -> SegmentIndex {
    let what = "a segment's index"
    var index = SegmentIndex(continuing: nil)
    index.lowestNext = try self.readLogIndex()
    index.next = try self.readLogIndex()
    if try self.readPresence(of: what) { index.highest = try self.readLogIndex() }
    index.timestamp = Timestamp(nanoseconds: try self.readUInt64(what))
    var marks: [SegmentMarks.Mark] = []
    for _ in 0..<(try self.readCount(what, ofSize: 16)) {
      let mark = SegmentMarks.Mark(
        first: try self.readLogIndex(), offset: try self.readOffset(what))
      if let last = marks.last, mark.first <= last.first || mark.offset <= last.offset {
        throw self.error(.invalid("its marks do not ascend"), what, back: 16)
      }
      marks.append(mark)
    }
    index.marks = SegmentMarks(marks)
    for _ in 0..<(try self.readCount(what, ofSize: 24)) {
      index.leaderships.append(
        SegmentIndex.Leadership(leader: try self.readLeaderID(), first: try self.readLogIndex()))
    }
    for _ in 0..<(try self.readCount(what, ofSize: 8)) {
      index.memberships.append(try self.readLogIndex())
    }
    return index
  }
}
