import RaftEngine

/// Witnesses hold positions and nothing else: what lacks its payload never reaches a replica, and
/// what is committed is held by one.
///
/// They get nothing that no replica has durably, and never lead.
struct WholeCopies {
  /// The nodes that are witnesses for as long as they are members.
  let witnesses: Set<NodeID>

  /// A node stores these entries.
  func stores(_ entries: ArraySlice<SimulatedEntry>, node: NodeID) throws(Finding) {
    let foreign: EntryKind = self.witnesses.contains(node) ? .command : .withheld
    guard let entry = entries.first(where: { $0.kind == foreign }) else { return }
    throw Finding(
      .wholeCopies,
      foreign == .command
        ? "witness \(node) stores the payload of \(entry.logID)"
        : "replica \(node) stores \(entry.logID) without its payload")
  }

  /// A node takes over a snapshot in this form.
  func takesOver(_ meta: SnapshotMeta, node: NodeID) throws(Finding) {
    guard (meta.form == .withheld) != self.witnesses.contains(node) else { return }
    throw Finding(
      .wholeCopies,
      self.witnesses.contains(node)
        ? "witness \(node) takes over the state at \(meta.lastLogID)"
        : "replica \(node) takes over a snapshot at \(meta.lastLogID) without state")
  }

  /// A machine is about to apply an entry.
  func applies(_ entry: SimulatedEntry, node: NodeID) throws(Finding) {
    try self.stores([entry], node: node)
  }

  /// A leader sends the entries up to this one; some replica that may lead has them durably, or
  /// none has.
  func sends(_ logID: LogID, to peer: NodeID, isHeld: Bool) throws(Finding) {
    guard self.witnesses.contains(peer), !isHeld else { return }
    throw Finding(.wholeCopies, "witness \(peer) is sent \(logID), which no replica has durably")
  }

  /// A leader wants this node to take over.
  func handsOver(to target: NodeID) throws(Finding) {
    guard self.witnesses.contains(target) else { return }
    throw Finding(.wholeCopies, "witness \(target) is to take over")
  }

  /// A node begins to lead.
  func elected(_ leader: LeaderID) throws(Finding) {
    guard self.witnesses.contains(leader.node) else { return }
    throw Finding(.wholeCopies, "witness \(leader.node) leads as \(leader)")
  }

  /// An entry is committed that these nodes hold durably.
  func committed(_ logID: LogID, holders: [NodeID]) throws(Finding) {
    guard !holders.isEmpty, holders.allSatisfy(self.witnesses.contains) else { return }
    throw Finding(.wholeCopies, "\(logID) is committed and only witnesses hold it: \(holders)")
  }
}
