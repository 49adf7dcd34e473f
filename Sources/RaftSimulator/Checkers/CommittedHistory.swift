import RaftEngine

/// Everything that was ever committed, as the first node to know of it held it.
struct CommittedHistory {
  private(set) var entries: [SimulatedEntry] = []
  /// Whose leadership committed each entry.
  private var committers: [LeaderID] = []

  var last: SimulatedEntry? { self.entries.last }
  var next: LogIndex { LogIndex(UInt64(self.entries.count)) }

  func entry(at index: LogIndex) -> SimulatedEntry? {
    index < self.next ? self.entries[Int(index.rawValue)] : nil
  }

  /// Whose leadership committed the entry at this index.
  func committer(of index: LogIndex) -> LeaderID? {
    index < self.next ? self.committers[Int(index.rawValue)] : nil
  }

  mutating func append(_ entry: SimulatedEntry, committedBy leader: LeaderID) {
    precondition(entry.index == self.next, "committed \(entry) after \(self.next)")
    self.entries.append(entry)
    self.committers.append(leader)
  }

  /// The last entry that a leadership before this one committed.
  func last(committedBefore leader: LeaderID) -> LogID? {
    guard let place = self.committers.lastIndex(where: { $0 < leader }) else { return nil }
    return self.entries[place].logID
  }
}
