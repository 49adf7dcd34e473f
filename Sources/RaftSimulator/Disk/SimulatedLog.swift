import RaftEngine

/// A log with its entries, as a store holds it.
struct SimulatedLog {
  private(set) var purged: LogID?
  /// The fingerprint of the history through the purged entry.
  private(set) var purgedChain: UInt64 = 0
  private var kept: [SimulatedEntry] = []
  /// How many of the kept entries are purged already.
  private var head = 0

  var entries: ArraySlice<SimulatedEntry> { self.kept[self.head...] }

  var last: LogID? {
    self.head < self.kept.count ? self.kept[self.kept.count - 1].logID : self.purged
  }

  /// The fingerprint of the whole history.
  var chain: UInt64 {
    self.head < self.kept.count ? self.kept[self.kept.count - 1].chain : self.purgedChain
  }

  private func place(of index: LogIndex) -> Int? {
    let first = self.purged.nextIndex
    guard index >= first else { return nil }
    let place = self.head + first.distance(to: index)
    return place < self.kept.count ? place : nil
  }

  func entry(at index: LogIndex) -> SimulatedEntry? {
    self.place(of: index).map { self.kept[$0] }
  }

  func entries(from first: LogIndex, through last: LogIndex) -> ArraySlice<SimulatedEntry>? {
    guard first <= last, let from = self.place(of: first), let to = self.place(of: last) else {
      return nil
    }
    return self.kept[from...to]
  }

  /// Whether the log holds this entry; what was purged counts as held.
  func holds(_ logID: LogID) -> Bool {
    if let purged = self.purged, logID.index <= purged.index { return true }
    guard let place = self.place(of: logID.index) else { return false }
    return self.kept[place].logID == logID
  }

  mutating func append(_ added: ArraySlice<SimulatedEntry>) {
    precondition(added.first?.index == self.last.nextIndex, "a gap before \(added)")
    self.kept.append(contentsOf: added)
  }

  /// Removes the entries after this position.
  mutating func truncate(after last: LogID?) {
    let first = self.purged.nextIndex
    let count = self.head + max(0, first.distance(to: last.nextIndex))
    if count < self.kept.count { self.kept.removeSubrange(count...) }
    precondition(self.last == last, "cut after \(String(describing: last))")
  }

  /// Whether this position is known here, or comes from a snapshot whose history has this
  /// fingerprint and which nothing here contradicts.
  func canPurge(through logID: LogID, chain: UInt64?) -> Bool {
    self.place(of: logID.index).map { self.kept[$0].logID == logID }
      ?? (chain != nil || logID.index < self.purged.nextIndex)
  }

  /// Removes the entries through this position, which the history with this fingerprint leads to;
  /// the fingerprint may be missing if the log holds the entry.
  mutating func purge(through logID: LogID, chain: UInt64? = nil) {
    guard logID.index >= self.purged.nextIndex else { return }
    if let place = self.place(of: logID.index) {
      precondition(self.kept[place].logID == logID, "purged another \(logID)")
      self.purgedChain = self.kept[place].chain
      self.head = place + 1
    } else {
      guard let chain else { preconditionFailure("purged \(logID) without its history") }
      self.purgedChain = chain
      self.head = self.kept.count
    }
    self.purged = logID
    if self.head * 2 > self.kept.count {
      self.kept.removeSubrange(..<self.head)
      self.head = 0
    }
  }

  /// What a node keeps in memory of this log.
  var shape: LogIDList {
    var runs: [LogIDList.Run] = []
    for entry in self.entries where runs.last?.leader != entry.logID.leader {
      runs.append(.init(leader: entry.logID.leader, first: entry.index))
    }
    return LogIDList(purged: self.purged, last: self.last, runs: runs)
  }
}
