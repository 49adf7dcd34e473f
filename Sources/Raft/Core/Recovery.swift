/// What a node finds when it starts: its stores brought into agreement after whatever happened.
package struct Recovery: Sendable {
  package let engine: Engine.Recovered
  package let incarnation: Incarnation
  package let snapshot: (any StoredSnapshot)?

  /// Reads the stores and mends what a crash between two steps may have left.
  ///
  /// - Throws: ``StorageError`` with kind ``StorageError/Kind/corrupted`` if the stores contradict
  ///   each other in a way that no crash explains.
  package init(
    logStore: any LogStore, snapshotStore: any SnapshotStore
  ) async throws(StorageError) {
    var stored = try await logStore.load()
    let snapshot = try await snapshotStore.latest()
    if let last = snapshot?.meta.lastLogID {
      try await Self.align(&stored, with: last, logStore)
    } else if let purged = stored.purged {
      throw StorageError(
        .corrupted,
        "the log is purged through \(purged), but there is no snapshot: restore the snapshots")
    }
    guard stored.last.isAtLeast(stored.purged) else {
      throw StorageError(
        .corrupted,
        "the log ends at \(String(describing: stored.last)), before it begins behind "
          + "\(String(describing: stored.purged))")
    }
    var recovered = Engine.Recovered()
    recovered.incarnation = stored.incarnation
    recovered.cluster = stored.cluster
    recovered.vote = stored.vote
    recovered.applied = snapshot?.meta.lastLogID
    recovered.snapshot = snapshot?.meta.lastLogID
    recovered.lastTimestamp = snapshot?.meta.timestamp ?? .epoch
    if let membership = snapshot?.meta.membership, membership.logID != nil {
      recovered.membership = MembershipState(committed: membership, effective: membership)
    }
    recovered.log = LogIDList(purged: stored.purged, last: stored.purged)
    try await Self.scan(logStore, through: stored.last, into: &recovered)
    recovered.committed = Self.committed(stored, recovered)
    if let committed = recovered.committed {
      recovered.membership.commit(through: committed.index)
    }
    self.engine = recovered
    self.incarnation = stored.incarnation
    self.snapshot = snapshot
  }

  /// A crash may come between a snapshot and the purge behind it.
  ///
  /// Entries that the snapshot contradicts were about to be removed.
  private static func align(
    _ stored: inout StoredLog, with snapshot: LogID, _ logStore: any LogStore
  ) async throws(StorageError) {
    if let purged = stored.purged, purged.index > snapshot.index {
      throw StorageError(
        .corrupted,
        "the log is purged through \(purged), beyond the newest snapshot at \(snapshot): a "
          + "snapshot was lost; restore it, or replace this node's data by a new member's")
    }
    if let purged = stored.purged, purged.index == snapshot.index {
      guard purged == snapshot else {
        throw StorageError(
          .corrupted,
          "the log is purged through \(purged), but the snapshot there is of \(snapshot): log and "
            + "snapshot are not of one node")
      }
      return
    }
    if let last = stored.last, last.index >= snapshot.index {
      let entries = try await logStore.entries(
        from: snapshot.index, through: snapshot.index, byteLimit: 0)
      if entries.first?.lastLogID == snapshot { return }
      logStore.truncate(after: stored.purged)
    }
    logStore.purge(through: snapshot)
    stored.purged = snapshot
    stored.last = snapshot
  }

  /// Reads the log once for what the engine must know of it.
  private static func scan(
    _ logStore: any LogStore, through last: LogID?, into recovered: inout Engine.Recovered
  ) async throws(StorageError) {
    guard let last else { return }
    while recovered.log.last.nextIndex <= last.index {
      let next = recovered.log.last.nextIndex
      let slices = try await logStore.entries(from: next, through: last.index, byteLimit: 1 << 20)
      guard let first = slices.first, first.first == next else {
        throw StorageError(.corrupted, "the log has a gap at \(next), before its end at \(last)")
      }
      for slice in slices {
        let run = slice.run
        guard run.first == recovered.log.last.nextIndex,
          recovered.log.last.map({ $0.leader <= run.leader }) ?? true
        else {
          throw StorageError(
            .corrupted, "\(run) cannot follow \(String(describing: recovered.log.last))")
        }
        recovered.log.append(run.leader, from: run.first, through: run.last)
        recovered.lastTimestamp = max(recovered.lastTimestamp, run.timestamp)
        if let membership = run.membership,
          run.lastLogID.isNewer(than: recovered.membership.effective.logID)
        {
          recovered.membership.append(
            LoggedMembership(logID: run.lastLogID, membership: membership))
        }
      }
    }
    guard recovered.log.last == last else {
      throw StorageError(
        .corrupted, "the log ends at \(String(describing: recovered.log.last)), not at \(last)")
    }
  }

  /// The larger of what was noted and what the snapshot holds, within the log.
  private static func committed(_ stored: StoredLog, _ recovered: Engine.Recovered) -> LogID? {
    var committed = recovered.applied
    if let noted = stored.committed, noted.isNewer(than: committed),
      recovered.log.contains(noted)
    {
      committed = noted
    }
    return committed
  }
}
