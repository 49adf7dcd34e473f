import RaftEngine

/// Every machine applies the committed entries, in order, each once, with the same effect
/// (§3.6.3, Figure 3.2); and no two nodes take different entries of one index for committed.
struct StateMachineSafety {
  /// The machine's fingerprint after each entry.
  private var digests: [UInt64] = []

  /// A node takes an entry for committed that another one has in its place.
  func committed(
    _ entry: SimulatedEntry, node: NodeID, _ history: CommittedHistory
  ) throws(Finding) {
    guard let known = history.entry(at: entry.index), !known.isSame(as: entry) else { return }
    throw Finding(
      .stateMachineSafety, "node \(node) takes \(entry.logID) for committed instead of \(known)")
  }

  /// A node that does not lead takes entries for committed that nobody committed.
  func committedAlone(_ logID: LogID, node: NodeID) -> Finding {
    Finding(.stateMachineSafety, "node \(node) takes \(logID) for committed; no leader did")
  }

  /// A node that does not lead hands entries through this position to its machine.
  ///
  /// If it could lose them, it would come back from a crash behind what it had shown.
  func handsOver(_ logID: LogID, isHeld: Bool, node: NodeID) throws(Finding) {
    guard !isHeld else { return }
    throw Finding(.stateMachineSafety, "node \(node) applies \(logID) and may lose it")
  }

  /// A machine is about to apply an entry.
  func applies(
    _ entry: SimulatedEntry, after applied: LogID?, node: NodeID, _ history: CommittedHistory
  ) throws(Finding) {
    guard applied.nextIndex == entry.index else {
      throw Finding(
        .stateMachineSafety,
        "node \(node) applies \(entry.logID) after \(applied.map(String.init(describing:)) ?? "-")")
    }
    guard history.entry(at: entry.index)?.isSame(as: entry) ?? false else {
      throw Finding(
        .stateMachineSafety, "node \(node) applies \(entry.logID), which is not committed")
    }
  }

  /// A machine has applied the entry at this index, or taken over a snapshot through it.
  mutating func applied(
    through index: LogIndex, digest: UInt64, node: NodeID
  ) throws(Finding) {
    let place = Int(index.rawValue)
    if place == self.digests.count { self.digests.append(digest) }
    guard place < self.digests.count, self.digests[place] == digest else {
      throw Finding(.stateMachineSafety, "node \(node) has another state after entry \(index)")
    }
  }
}
