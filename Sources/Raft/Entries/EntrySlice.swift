/// Some consecutive entries of a chunk; never empty.
public struct EntrySlice: Sendable {
  /// The chunk that holds the entries.
  public let chunk: EntryChunk
  /// Which of the chunk's entries, counted from its first.
  public let offsets: Range<Int>

  /// All entries of the chunk.
  public init(_ chunk: EntryChunk) {
    self.chunk = chunk
    self.offsets = 0..<chunk.run.count
  }

  /// Some entries of the chunk.
  ///
  /// - Precondition: the range is not empty and lies within the chunk.
  public init(_ chunk: EntryChunk, offsets: Range<Int>) {
    precondition(
      !offsets.isEmpty && offsets.lowerBound >= 0 && offsets.upperBound <= chunk.run.count,
      "offsets \(offsets) of \(chunk.run)")
    self.chunk = chunk
    self.offsets = offsets
  }

  /// The index of the first entry.
  public var first: LogIndex { self.chunk.run.first + self.offsets.lowerBound }

  /// The index of the last entry.
  public var last: LogIndex { self.chunk.run.first + (self.offsets.upperBound - 1) }

  /// How many entries.
  public var count: Int { self.offsets.count }

  /// The position of the last entry.
  public var lastLogID: LogID { LogID(leader: self.chunk.run.leader, index: self.last) }

  /// Where the payloads lie in the chunk's bytes.
  public var byteRange: Range<Int> {
    self.chunk.payloadRange(at: self.offsets.lowerBound)
      .lowerBound..<Int(self.chunk.ends[self.offsets.upperBound - 1])
  }

  /// The length of all payloads, in bytes.
  public var byteCount: Int { self.byteRange.count }

  /// What the entries cost in memory, in bytes: one without a payload is not free either.
  var memoryByteCount: Int { self.byteCount + self.count * EntryChunk.entryOverhead }

  /// What the protocol must know of these entries.
  public var run: EntryRun {
    let run = self.chunk.run
    guard self.count != run.count else { return run }
    return EntryRun(
      leader: run.leader, first: self.first, count: self.count, byteCount: self.byteCount,
      kind: run.kind, timestamp: run.timestamp)
  }

  /// The payload of the entry at this index.
  ///
  /// - Precondition: the slice contains the index.
  public func payload(at index: LogIndex) -> ArraySlice<UInt8> {
    precondition(index >= self.first && index <= self.last, "no entry \(index) in \(self.run)")
    let offset = self.chunk.run.first.distance(to: index)
    return self.chunk.bytes[self.chunk.payloadRange(at: offset)]
  }

  /// The entries with indices in this range that the slice contains; `nil` if it has none.
  public func clamped(from first: LogIndex, through last: LogIndex) -> EntrySlice? {
    let lower = max(first, self.first)
    let upper = min(last, self.last)
    guard lower <= upper else { return nil }
    let base = self.chunk.run.first
    return EntrySlice(
      self.chunk, offsets: base.distance(to: lower)..<(base.distance(to: upper) + 1))
  }
}

extension EntrySlice: CustomStringConvertible {
  /// The run's description.
  public var description: String { String(describing: self.run) }
}
