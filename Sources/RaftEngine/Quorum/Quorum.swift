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
  @inline(__always)
  package func quorumValue<Value: Comparable>(_ value: (NodeID) -> Value?) -> Value? {
    let configurations = self.configurations
    var least: Value?
    for place in configurations.indices {
      guard let reached = majorityValue(of: configurations[place], value) else { return nil }
      least = least.map { min($0, reached) } ?? reached
    }
    return least
  }
}

/// The greatest value that a majority of these voters has reached.
///
/// The values are sorted as they come, on the stack; only very large configurations reach for the
/// heap.
@inline(__always)
private func majorityValue<Value: Comparable>(
  of voters: [NodeID], _ value: (NodeID) -> Value?
) -> Value? {
  let majority = voters.count / 2 + 1
  guard voters.count <= 16 else {
    let values = voters.compactMap(value).sorted()
    return values.count < majority ? nil : values[values.count - majority]
  }
  return withUnsafeTemporaryAllocation(of: Value.self, capacity: 16) { buffer in
    let sorted = buffer.baseAddress!
    var count = 0
    for place in voters.indices {
      guard let value = value(voters[place]) else { continue }
      var gap = count
      while gap > 0, value < sorted[gap - 1] {
        (sorted + gap).moveInitialize(from: sorted + (gap - 1), count: 1)
        gap -= 1
      }
      (sorted + gap).initialize(to: value)
      count += 1
    }
    defer { sorted.deinitialize(count: count) }
    return count < majority ? nil : sorted[count - majority]
  }
}
