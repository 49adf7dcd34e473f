public import RaftEngine

/// Places of a segment from which on entries are looked for, one for each stretch of it.
///
/// An entry is found by reading records from the last mark on whose first entry is not behind it.
/// The entries of a mark end where those of the next mark begin: what further records behind it say
/// was cut off.
public struct SegmentMarks: Hashable, Sendable {
  /// One place.
  public struct Mark: Hashable, Sendable {
    /// The first entry of the record that begins there.
    public let first: LogIndex
    /// Where the record begins in the file.
    public let offset: Int

    /// Names the place where the record of this entry begins.
    public init(first: LogIndex, offset: Int) {
      self.first = first
      self.offset = offset
    }
  }

  /// About how many bytes of records lie between two marks.
  public static let interval = 1 << 16

  /// The marks, in the order of entries and places alike.
  public private(set) var list: [Mark]
  /// Whether the next record does not continue those before.
  private var isBroken: Bool

  /// Marks as they were read; the next record will have a mark of its own.
  public init(_ list: [Mark] = []) {
    self.list = list
    self.isBroken = true
  }

  /// Takes in a record of entries.
  public mutating func append(_ first: LogIndex, at offset: Int) {
    if !self.isBroken, let last = self.list.last, offset - last.offset < Self.interval { return }
    self.list.append(Mark(first: first, offset: offset))
    self.isBroken = false
  }

  /// Takes in that the entries from this index on are gone, or were never written.
  public mutating func cut(from next: LogIndex) {
    while let last = self.list.last, last.first >= next { self.list.removeLast() }
    self.isBroken = true
  }

  /// The number of the mark to begin at for this entry; `nil` if it lies before all marks.
  public func place(of index: LogIndex) -> Int? {
    var low = 0
    var high = self.list.count
    while low < high {
      let middle = (low + high) / 2
      if self.list[middle].first <= index {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low == 0 ? nil : low - 1
  }

  /// Whether the places are the same.
  public static func == (left: SegmentMarks, right: SegmentMarks) -> Bool {
    left.list == right.list
  }

  /// Feeds the places.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.list)
  }
}
