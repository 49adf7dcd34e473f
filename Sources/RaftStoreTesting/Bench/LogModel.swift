internal import Raft

/// What a log store must hold, after all that was done to it.
struct LogModel: Sendable {
  let incarnation: Incarnation
  var cluster: ClusterID?
  var vote: Vote?
  private(set) var purged: LogID?
  private(set) var entries: [ModelEntry] = []
  /// Where the committed watermark may stand: what a write settled, then later notes.
  private(set) var watermarks: [LogID?]

  /// The model of a store that said this when it was opened, and holds no entries.
  init(_ stored: StoredLog) {
    self.incarnation = stored.incarnation
    self.watermarks = [nil]
  }

  /// The first index that is not purged.
  var start: LogIndex { self.purged.nextIndex }

  /// Where the log ends.
  var last: LogID? { self.entries.last?.logID ?? self.purged }

  /// The index that the next entry gets.
  var next: LogIndex { self.last.nextIndex }

  /// The entry at this index.
  ///
  /// - Precondition: the log has it.
  func entry(_ index: LogIndex) -> ModelEntry {
    self.entries[self.start.distance(to: index)]
  }

  mutating func append(_ entry: ModelEntry) {
    precondition(
      entry.logID.index == self.next, "\(entry.logID) behind \(described(self.last))")
    self.entries.append(entry)
  }

  mutating func truncate(after last: LogID?) {
    let kept = last.map { max(0, self.start.distance(to: $0.index.next)) } ?? 0
    self.entries.removeLast(max(0, self.entries.count - kept))
  }

  mutating func purge(through logID: LogID) {
    let gone = self.start.distance(to: logID.index.next)
    self.entries.removeFirst(min(gone, self.entries.count))
    self.purged = logID
  }

  /// A watermark that the store may write with the next batch.
  mutating func note(committed: LogID) {
    self.watermarks.append(committed)
  }

  /// A batch was written, and the last watermark with it.
  mutating func settleWatermark() {
    self.watermarks.removeFirst(self.watermarks.count - 1)
  }

  /// Throws a deviation if a store that holds this could not have said that when it was opened.
  func expectSame(_ stored: StoredLog) throws(Deviation) {
    try expect(stored.incarnation, is: self.incarnation, "incarnation")
    try expect(stored.cluster, is: self.cluster, "cluster")
    try expect(stored.vote, is: self.vote, "vote")
    try expect(stored.purged, is: self.purged, "last purged position")
    try expect(stored.last, is: self.last, "last position")
    guard !self.watermarks.contains(stored.committed) else { return }
    throw Deviation(
      expected: "committed watermark: "
        + self.watermarks.map { described($0) }.joined(separator: " or "),
      found: "committed watermark: \(described(stored.committed))")
  }

  /// Takes over which of the possible watermarks the store has.
  mutating func adopt(watermarkOf stored: StoredLog) {
    self.watermarks = [stored.committed]
  }
}
