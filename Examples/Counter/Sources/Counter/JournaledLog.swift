import Raft

/// What a log holds after some writes.
struct JournaledLog: Sendable {
  private var stored: StoredLog
  /// One entry each.
  private var entries: [EntrySlice] = []

  init(_ stored: StoredLog) {
    self.stored = stored
  }

  /// What a node is told of it when it starts.
  var summary: StoredLog {
    var summary = self.stored
    summary.last = self.entries.last?.lastLogID ?? self.stored.purged
    return summary
  }

  mutating func take(_ record: Journal.Record) {
    switch record {
    case .adopted(let cluster): self.stored.cluster = cluster
    case .voted(let vote): self.stored.vote = vote
    case .noted(let logID): self.stored.committed = logID
    case .appended(let slice):
      for offset in slice.offsets {
        self.entries.append(EntrySlice(slice.chunk, offsets: offset..<(offset + 1)))
      }
    case .truncated(let last):
      // What was purged stays purged; a position beyond the end removes nothing.
      while let end = self.entries.last, last.map({ end.first > $0.index }) ?? true {
        self.entries.removeLast()
      }
    case .purged(let logID):
      let kept = self.entries.firstIndex { $0.first > logID.index } ?? self.entries.count
      self.entries.removeFirst(kept)
      self.stored.purged = logID
    }
  }

  /// Entries from the first index on; at least one, then as many as fit.
  func read(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) throws(StorageError) -> [EntrySlice] {
    guard first <= last else { return [] }
    guard let start = self.entries.first?.first, let end = self.entries.last?.last,
      start <= first, first <= end
    else {
      throw StorageError(.missing, "entry \(first) is not in the log of \(self.entries.count)")
    }
    var found: [EntrySlice] = []
    var room = byteLimit
    for entry in self.entries[start.distance(to: first)...] {
      guard entry.first <= last, found.isEmpty || entry.byteCount <= room else { break }
      found.append(entry)
      room -= entry.byteCount
    }
    return found
  }
}
