import RaftEngine

/// A log with its entries, as a store holds it.
struct ModelLog {
  private(set) var purged: LogID?
  private(set) var entries: [ModelEntry] = []

  var last: LogID? { self.entries.last?.logID ?? self.purged }

  func entry(at index: LogIndex) -> ModelEntry? {
    guard let first = self.entries.first?.index, index >= first else { return nil }
    let place = first.distance(to: index)
    return place < self.entries.count ? self.entries[place] : nil
  }

  func entries(from first: LogIndex, through last: LogIndex) -> [ModelEntry]? {
    guard first <= last, let from = self.place(of: first), let to = self.place(of: last) else {
      return nil
    }
    return Array(self.entries[from...to])
  }

  /// Whether the log holds this entry; what was purged counts as held.
  func holds(_ logID: LogID) -> Bool {
    if let purged = self.purged, logID.index <= purged.index { return true }
    return self.entry(at: logID.index)?.logID == logID
  }

  mutating func append(_ added: [ModelEntry]) {
    precondition(added.first?.index == self.last.nextIndex, "a gap before \(added)")
    self.entries.append(contentsOf: added)
  }

  mutating func truncate(after last: LogID?) {
    let kept = last.nextIndex
    self.entries.removeAll { $0.index >= kept }
    precondition(self.last == last, "cut after \(String(describing: last))")
  }

  mutating func purge(through logID: LogID) {
    guard logID.index >= self.purged.nextIndex else { return }
    precondition(
      self.entry(at: logID.index).map { $0.logID == logID } ?? true, "purged another \(logID)")
    self.entries.removeAll { $0.index <= logID.index }
    self.purged = logID
  }

  /// What a node keeps in memory of this log.
  var shape: LogIDList {
    var runs: [LogIDList.Run] = []
    for entry in self.entries where runs.last?.leader != entry.logID.leader {
      runs.append(.init(leader: entry.logID.leader, first: entry.index))
    }
    return LogIDList(purged: self.purged, last: self.last, runs: runs)
  }

  private func place(of index: LogIndex) -> Int? {
    guard let first = self.entries.first?.index, index >= first else { return nil }
    let place = first.distance(to: index)
    return place < self.entries.count ? place : nil
  }
}
