/// What a majority of every configuration agrees on.
///
/// A joint membership decides only what a majority of each of its two configurations decides
/// (thesis §4.3). Learners never count.
extension Membership {
  /// Whether the voters that fulfil the condition are a majority of every configuration.
  package func isQuorum(where condition: (NodeID) -> Bool) -> Bool {
    for voters in self.configurations {
      var missing = voters.count / 2 + 1
      for voter in voters where condition(voter) {
        missing -= 1
        if missing == 0 { break }
      }
      guard missing == 0 else { return false }
    }
    return true
  }

  /// The greatest value that a majority of every configuration has reached; `nil` if there is none.
  ///
  /// With log positions that is what is committed, with moments the time through which a quorum
  /// was heard, with numbers of read rounds the newest one that a quorum confirmed.
  ///
  /// - Parameter value: How far a voter is; `nil` before everything. Asked once for each voter of
  ///   each configuration.
  package func quorumValue<Value: Comparable>(_ value: (NodeID) -> Value?) -> Value? {
    var least: Value?
    for voters in self.configurations {
      guard let reached = majorityValue(of: voters, value) else { return nil }
      least = least.map { min($0, reached) } ?? reached
    }
    return least
  }
}

/// The greatest value that a majority of these voters has reached.
///
/// The values are sorted on the stack; only very large configurations reach for the heap.
private func majorityValue<Value: Comparable>(
  of voters: [NodeID], _ value: (NodeID) -> Value?
) -> Value? {
  withUnsafeTemporaryAllocation(of: Value.self, capacity: voters.count) { sorted in
    var count = 0
    defer { sorted.prefix(count).deinitialize() }
    for voter in voters {
      guard let value = value(voter) else { continue }
      (sorted.baseAddress! + count).initialize(to: value)
      count += 1
    }
    let majority = voters.count / 2 + 1
    guard count >= majority else { return nil }
    var known = UnsafeMutableBufferPointer(rebasing: sorted.prefix(count))
    known.sortInPlace()
    return known[count - majority]
  }
}

extension UnsafeMutableBufferPointer where Element: Comparable {
  /// Sorts the elements; few of them by insertion, which needs no memory.
  fileprivate mutating func sortInPlace() {
    guard self.count <= 16 else {
      self.sort()
      return
    }
    for end in self.indices.dropFirst() {
      var position = end
      while position > 0, self[position] < self[position - 1] {
        self.swapAt(position, position - 1)
        position -= 1
      }
    }
  }
}
