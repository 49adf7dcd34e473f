import RaftEngine

/// One position names one entry with one history before it, on every node (§3.5, Figure 3.2).
///
/// Each entry carries the fingerprint of its history; the checker knows the fingerprint that each
/// position got when its leader wrote it.
struct LogMatching {
  private struct Written {
    let leader: LeaderID
    let first: LogIndex
    var chains: [UInt64]
  }

  /// What every leadership wrote, sorted by leadership.
  private var written: [Written] = []
  private var lastPlace = 0

  /// A leader gave positions to entries of its own, behind this history.
  mutating func proposed(
    _ entries: ArraySlice<SimulatedEntry>, after chain: UInt64, node: NodeID
  ) throws(Finding) {
    var chain = chain
    for entry in entries {
      try self.check(entry, after: chain, node)
      chain = entry.chain
      let place = self.place(of: entry.logID.leader, first: entry.index)
      let offset = self.written[place].first.distance(to: entry.index)
      if offset == self.written[place].chains.count {
        self.written[place].chains.append(chain)
      } else if offset < 0 || offset > self.written[place].chains.count {
        throw Finding(
          .logMatching, "\(entry.logID.leader) left a gap before \(entry.index) on node \(node)")
      } else if self.written[place].chains[offset] != chain {
        throw Finding(
          .logMatching, "\(entry.logID) was written twice, with different content or history")
      }
    }
  }

  /// A node took over entries behind this history.
  mutating func received(
    _ entries: ArraySlice<SimulatedEntry>, after chain: UInt64, node: NodeID
  ) throws(Finding) {
    var chain = chain
    for entry in entries {
      try self.check(entry, after: chain, node)
      chain = entry.chain
      guard self.chain(of: entry.logID) == chain else {
        throw Finding(
          .logMatching, "node \(node) holds another \(entry.logID) than its leader wrote")
      }
    }
  }

  private func check(
    _ entry: SimulatedEntry, after chain: UInt64, _ node: NodeID
  ) throws(Finding) {
    guard entry.chain(after: chain) == entry.chain else {
      throw Finding(
        .logMatching, "node \(node) holds \(entry.logID) behind another history than its writer")
    }
  }

  private func search(_ leader: LeaderID) -> (place: Int, isKnown: Bool) {
    if self.lastPlace < self.written.count, self.written[self.lastPlace].leader == leader {
      return (self.lastPlace, true)
    }
    var low = 0
    var high = self.written.count
    while low < high {
      let middle = (low + high) / 2
      if self.written[middle].leader < leader { low = middle + 1 } else { high = middle }
    }
    return (low, low < self.written.count && self.written[low].leader == leader)
  }

  private mutating func place(of leader: LeaderID, first: LogIndex) -> Int {
    let (place, isKnown) = self.search(leader)
    if !isKnown {
      self.written.insert(Written(leader: leader, first: first, chains: []), at: place)
    }
    self.lastPlace = place
    return place
  }

  private func chain(of logID: LogID) -> UInt64? {
    let (place, isKnown) = self.search(logID.leader)
    guard isKnown else { return nil }
    let offset = self.written[place].first.distance(to: logID.index)
    guard self.written[place].chains.indices.contains(offset) else { return nil }
    return self.written[place].chains[offset]
  }
}
