import RaftEngine
import Testing

/// Checks that `precedes` is a partial order of the values: reflexive, antisymmetric, transitive.
///
/// Records at most one breach, the first.
func expectPartialOrder<Value: Equatable>(
  _ values: [Value], sourceLocation: SourceLocation = #_sourceLocation,
  precedes: (Value, Value) -> Bool
) {
  let table = values.map { left in values.map { right in precedes(left, right) } }
  for (a, left) in values.enumerated() {
    guard table[a][a] else {
      Issue.record("\(left) does not precede itself", sourceLocation: sourceLocation)
      return
    }
    for (b, right) in values.enumerated() where table[a][b] {
      guard left == right || !table[b][a] else {
        Issue.record("\(left) and \(right) precede each other", sourceLocation: sourceLocation)
        return
      }
      for (c, third) in values.enumerated() where table[b][c] && !table[a][c] {
        Issue.record(
          "\(left) precedes \(right) and that \(third), but not the first the last",
          sourceLocation: sourceLocation)
        return
      }
    }
  }
}

/// Checks that `<` is a strict total order of these different values, given in ascending order.
func expectAscending<Value: Comparable>(
  _ values: [Value], sourceLocation: SourceLocation = #_sourceLocation
) {
  for (a, left) in values.enumerated() {
    for (b, right) in values.enumerated() {
      guard (left < right) == (a < b), (left == right) == (a == b), (left > right) == (a > b)
      else {
        Issue.record("\(left) and \(right) are out of order", sourceLocation: sourceLocation)
        return
      }
    }
  }
}

/// All leaderships of rounds and nodes 0 through 3, in ascending order.
let smallLeaders = (0..<4).flatMap { term in
  (0..<4).map { node in LeaderID(term: Term(UInt64(term)), node: NodeID(UInt64(node))) }
}

/// All votes for ``smallLeaders``.
let smallVotes = smallLeaders.flatMap { leader in
  [false, true].map { Vote(leader: leader, isCommitted: $0) }
}
