/// The shape of a log: where it begins, where it ends, and who wrote which stretch of it.
///
/// It answers which leadership wrote any entry without reading the store. It holds one element for
/// each change of leadership, not for each entry, so it stays small however long the log grows.
/// Entries before ``purged`` are unknown; the purged entry itself stays known.
package struct LogIDList: Hashable, Sendable {
  /// The entries that one leadership wrote: from `first` to where the next run begins.
  package struct Run: Hashable, Sendable {
    /// The leadership that wrote the entries.
    package let leader: LeaderID
    /// The index of the first entry beyond the purged ones.
    package let first: LogIndex

    /// The entries of this leadership from `first` on.
    package init(leader: LeaderID, first: LogIndex) {
      self.leader = leader
      self.first = first
    }
  }

  /// The last entry that was purged; `nil` if the log still begins at 0.
  package private(set) var purged: LogID?
  /// The last entry; the purged one if nothing follows it, `nil` before any entry.
  package private(set) var last: LogID?
  /// Who wrote the entries beyond ``purged``, from the oldest run to the newest.
  package private(set) var runs: [Run]

  /// The shape of a log that was read from a store; without runs, of one that holds no entry.
  ///
  /// - Precondition: the runs begin right after `purged`, lie one after the other, each of a later
  ///   leadership than the one before, and the last of them contains `last`.
  package init(purged: LogID? = nil, last: LogID? = nil, runs: [Run] = []) {
    self.purged = purged
    self.last = last ?? purged
    self.runs = runs
    if let violation = self.violation {
      preconditionFailure("\(violation): purged \(optional: purged), runs \(runs)")
    }
  }

  /// The first index that can be in the log.
  package var first: LogIndex { self.purged.nextIndex }

  /// Whether no entry is left beyond ``purged``.
  package var isEmpty: Bool { self.runs.isEmpty }

  // MARK: Questions

  /// Who wrote the entry at this index; `nil` before the purged entry and after the last one.
  package func leader(at index: LogIndex) -> LeaderID? {
    guard let last = self.last, index <= last.index else { return nil }
    // Almost every question is about the newest run.
    if let newest = self.runs.last, newest.first <= index { return newest.leader }
    if let position = self.runPosition(at: index) { return self.runs[position].leader }
    guard let purged = self.purged, purged.index == index else { return nil }
    return purged.leader
  }

  /// The position at this index; `nil` before the purged entry and after the last one.
  package func logID(at index: LogIndex) -> LogID? {
    self.leader(at: index).map { LogID(leader: $0, index: index) }
  }

  /// The position right before this index; `nil` at the log's beginning.
  package func logID(before index: LogIndex) -> LogID? {
    index.rawValue == 0 ? nil : self.logID(at: LogIndex(index.rawValue - 1))
  }

  /// Whether exactly this entry is in the log, or is the purged one; false for all before it.
  package func contains(_ id: LogID) -> Bool {
    self.leader(at: id.index) == id.leader
  }

  /// The last of the consecutive entries that the writer of the entry at this index wrote; `nil`
  /// before the purged entry and after the last one.
  package func runEnd(at index: LogIndex) -> LogIndex? {
    guard let last = self.last, index <= last.index else { return nil }
    if let position = self.runPosition(at: index) { return self.end(ofRunAt: position) }
    guard let purged = self.purged, purged.index == index else { return nil }
    guard let next = self.runs.first, next.leader == purged.leader else { return index }
    return self.end(ofRunAt: 0)
  }

  /// The last position that is neither after `index` nor of a later leadership than `leader`;
  /// `nil` if the search passes the purged entry.
  ///
  /// Two logs agree on no later entry if one of them has only leaderships up to `leader` through
  /// `index`: one answer skips all entries that cannot match (etcd's `findConflictByTerm`).
  package func lastLogID(notAfter index: LogIndex, ledAtMost leader: LeaderID) -> LogID? {
    let count = Self.count(of: self.runs) { $0.first <= index && $0.leader <= leader }
    if count > 0 {
      let end = self.end(ofRunAt: count - 1)
      return LogID(leader: self.runs[count - 1].leader, index: min(index, end))
    }
    guard let purged = self.purged, purged.index <= index, purged.leader <= leader else {
      return nil
    }
    return purged
  }

  /// The middle one of the indices between `start` and `end` at which a run begins, but at most
  /// `count` runs before `end`, which counts as one itself: where to ask next if two logs agree
  /// before `start` and differ from `end` on.
  package func runStart(
    halfwayFrom start: LogIndex, upTo end: LogIndex, back count: Int
  ) -> LogIndex {
    let lower = Self.count(of: self.runs) { $0.first <= start }
    let upper = Self.count(of: self.runs) { $0.first < end }
    let place = max(lower + max(0, upper - lower) / 2, upper - count)
    return place < upper ? self.runs[place].first : end
  }

  // MARK: Changes

  /// Entries of this leadership were added at the end.
  ///
  /// - Precondition: they follow the last entry, and no later leadership wrote that one.
  package mutating func append(
    _ leader: LeaderID, from first: LogIndex, through last: LogIndex
  ) {
    precondition(
      first == self.last.nextIndex && first <= last,
      "\(first)...\(last) appended after \(optional: self.last)")
    if let previous = self.last {
      precondition(previous.leader <= leader, "an entry of \(leader) after \(previous)")
    }
    if self.runs.last?.leader != leader {
      self.runs.append(Run(leader: leader, first: first))
    }
    self.last = LogID(leader: leader, index: last)
  }

  /// All entries after `index` were cut off; `nil` cuts all that was not purged.
  ///
  /// - Precondition: `index` does not lie before the purged entry.
  package mutating func truncate(after index: LogIndex?) {
    guard let index, index >= self.first else {
      precondition(
        index == nil || index == self.purged?.index,
        "cut after \(optional: index), before \(optional: self.purged)")
      self.runs.removeAll(keepingCapacity: true)
      self.last = self.purged
      return
    }
    guard let last = self.last, index < last.index else { return }
    let kept = Self.count(of: self.runs) { $0.first <= index }
    self.runs.removeSubrange(kept...)
    self.last = LogID(leader: self.runs[kept - 1].leader, index: index)
  }

  /// All entries through this one were given up; nothing happens if they were already.
  ///
  /// The position may lie behind the end of the log, as when a snapshot replaces it: nothing is
  /// left then, and the log goes on after the position.
  ///
  /// - Precondition: a position within the log is one of its entries; what contradicts a snapshot
  ///   is cut off first.
  package mutating func purge(through id: LogID) {
    guard id.index >= self.first else { return }
    self.purged = id
    guard let last = self.last, id.index <= last.index else {
      self.runs.removeAll()
      self.last = id
      return
    }
    let count = Self.count(of: self.runs) { $0.first <= id.index }
    let leader = self.runs[count - 1].leader
    precondition(leader == id.leader, "\(id) purged, but \(leader) wrote that entry")
    if self.end(ofRunAt: count - 1) > id.index {
      self.runs[count - 1] = Run(leader: leader, first: id.index.next)
      self.runs.removeSubrange(..<(count - 1))
    } else {
      self.runs.removeSubrange(..<count)
    }
  }

  // MARK: -

  /// Which run contains this index, which must not lie after the last entry.
  private func runPosition(at index: LogIndex) -> Int? {
    let count = Self.count(of: self.runs) { $0.first <= index }
    return count == 0 ? nil : count - 1
  }

  private func end(ofRunAt position: Int) -> LogIndex {
    let next = position + 1
    guard next < self.runs.count else { return self.last?.index ?? self.runs[position].first }
    return LogIndex(self.runs[next].first.rawValue - 1)
  }

  /// How many runs, counted from the oldest, fulfil a condition that no run after them fulfils.
  ///
  /// Almost every question is about the newest run, so that one is tried before the search.
  private static func count(of runs: [Run], where condition: (Run) -> Bool) -> Int {
    guard let newest = runs.last else { return 0 }
    if condition(newest) { return runs.count }
    var low = 0
    var high = runs.count - 1
    while low < high {
      let middle = (low + high) / 2
      if condition(runs[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What is wrong with the shape; `nil` if it is one that a log can have.
  private var violation: String? {
    guard let oldest = self.runs.first, let newest = self.runs.last, let last = self.last else {
      return self.last == self.purged ? nil : "a last entry \(optional: self.last) without runs"
    }
    guard oldest.first == self.first else { return "runs do not begin at \(self.first)" }
    if let purged = self.purged, oldest.leader < purged.leader {
      return "a run of an earlier leadership than the purged entry's"
    }
    for (one, next) in zip(self.runs, self.runs.dropFirst())
    where one.first >= next.first || one.leader >= next.leader {
      return "\(next) follows \(one)"
    }
    guard newest.leader == last.leader, newest.first <= last.index else {
      return "the newest run does not contain \(last)"
    }
    return nil
  }
}

extension LogIDList: CustomStringConvertible {
  /// `T1-N1.3 | T1-N1 4...9, T2-N2 10...12`: the purged entry, if any, then the runs.
  package var description: String {
    let runs = self.runs.indices
      .map { "\(self.runs[$0].leader) \(self.runs[$0].first)...\(self.end(ofRunAt: $0))" }
      .joined(separator: ", ")
    return self.purged.map { "\($0) | \(runs)" } ?? runs
  }
}

extension LogIDList.Run: CustomStringConvertible {
  /// `T2-N2 from 10`.
  package var description: String { "\(self.leader) from \(self.first)" }
}

extension DefaultStringInterpolation {
  /// The value, or `nothing`.
  fileprivate mutating func appendInterpolation(optional value: (some CustomStringConvertible)?) {
    self.appendLiteral(value.map(\.description) ?? "nothing")
  }
}
