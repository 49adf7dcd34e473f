/// A replica whose machine has another state than others after the same entry.
///
/// Replicas apply the same commands in the same order, so this never comes from consensus: a machine
/// depends on something beside its commands, servers run different versions of it, or memory or a
/// snapshot went bad. It is found by comparing ``StateMachine/digest``, and stops nobody: the
/// cluster serves on, and clients of the replica named may be told what is wrong.
///
/// ``Metrics/divergences`` lists what a leader knows now, ``NodeEvent/Change/stateDiverged(_:)`` tells
/// of it when it is found.
public struct StateDivergence: Hashable, Sendable {
  /// How sure it is which replica is the wrong one.
  @nonexhaustive
  public enum Verdict: Hashable, Sendable {
    /// Most of the replicas that were compared, these, agree with each other, so ``node`` is wrong.
    case outvoted(by: [NodeID])
    /// The node differs from this leader, and no majority tells which of the two is right.
    case undecided(leader: NodeID)
  }

  /// The replica that differs.
  public let node: NodeID
  /// The entry after which it was seen to differ first, an aligned one; the cause lies before it.
  public let index: LogIndex
  /// The digest of its state.
  public let digest: UInt64
  /// The digest of the others.
  public let expected: UInt64
  /// How sure it is that this node is the wrong one.
  public let verdict: Verdict
}

extension StateDivergence: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    let evidence =
      "(digest \(hexadecimal(self.digest)) instead of \(hexadecimal(self.expected)))"
    switch self.verdict {
    case .outvoted(let others):
      return """
        the state of node \(self.node) differs after entry \(self.index) from that of \
        \(others.map { "node \($0)" }.joined(separator: ", ")) \(evidence): remove the member and \
        add it again with an empty folder, and look for what its machine depends on
        """
    case .undecided(let leader):
      return """
        the states of nodes \(leader) and \(self.node) differ after entry \(self.index) \
        \(evidence), and no majority tells which is right: compare their data before one is removed
        """
    }
  }
}
