import RaftEngine

/// A log that keeps the position of every entry: the plain twin of ``LogIDList``.
struct NaiveLog: Hashable {
  var purged: LogID?
  var entries: [LogID] = []

  var last: LogID? { self.entries.last ?? self.purged }

  var first: LogIndex { self.purged.nextIndex }

  /// The known positions, the purged one first.
  var known: [LogID] { (self.purged.map { [$0] } ?? []) + self.entries }

  func logID(at index: LogIndex) -> LogID? {
    self.known.first { $0.index == index }
  }

  func runEnd(at index: LogIndex) -> LogIndex? {
    guard let leader = self.logID(at: index)?.leader else { return nil }
    return self.known.last { $0.leader == leader }?.index
  }

  func lastLogID(notAfter index: LogIndex, ledAtMost leader: LeaderID) -> LogID? {
    self.known.last { $0.index <= index && $0.leader <= leader }
  }

  var runs: [LogIDList.Run] {
    var runs: [LogIDList.Run] = []
    for entry in self.entries where runs.last?.leader != entry.leader {
      runs.append(LogIDList.Run(leader: entry.leader, first: entry.index))
    }
    return runs
  }

  mutating func append(_ leader: LeaderID, from first: LogIndex, through last: LogIndex) {
    for index in first...last {
      self.entries.append(LogID(leader: leader, index: index))
    }
  }

  mutating func truncate(after index: LogIndex?) {
    self.entries.removeAll { entry in index.map { entry.index > $0 } ?? true }
  }

  mutating func purge(through id: LogID) {
    if let purged, id.index <= purged.index { return }
    self.entries.removeAll { $0.index <= id.index }
    self.purged = id
  }
}
