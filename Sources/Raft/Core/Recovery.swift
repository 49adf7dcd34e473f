/// What a node finds when it starts: its stores brought into agreement after whatever happened.
package struct Recovery: Sendable {
  package let engine: Engine.Recovered
  package let incarnation: Incarnation
  package let snapshot: (any StoredSnapshot)?
  /// What the log held, as it is after it was brought into agreement.
  private let stored: StoredLog
  /// The end of the log as the store stated it, before it was brought into agreement.
  private let stated: LogID?

  /// Reads the stores and mends what a crash between two steps may have left.
  ///
  /// `kept` is the last entry whose effect the machine itself holds.
  ///
  /// - Throws: ``StorageError`` with kind ``StorageError/Kind/corrupted`` if the stores contradict
  ///   themselves or each other in a way that no crash explains (`Inconsistency`).
  package init(
    logStore: any LogStore, snapshotStore: any SnapshotStore, role: Member.Role = .replica,
    kept: LogID? = nil
  ) async throws(StorageError) {
    try await self.init(
      try await logStore.load(), logStore, try await snapshotStore.latest(), role: role, kept: kept)
  }

  /// Goes on with an earlier snapshot, in place of one whose content turned out to be damaged.
  ///
  /// That works if the log holds everything behind it: if it is not purged beyond it. A log is purged
  /// only through entries that the newest snapshot of the time held.
  ///
  /// - Throws: as the other initializer does.
  package init(
    _ failed: Recovery, with snapshot: any StoredSnapshot, logStore: any LogStore,
    role: Member.Role, kept: LogID?
  ) async throws(StorageError) {
    try await self.init(failed.stored, logStore, snapshot, role: role, kept: kept)
  }

  private init(
    _ loaded: StoredLog, _ logStore: any LogStore, _ snapshot: (any StoredSnapshot)?,
    role: Member.Role, kept: LogID?
  ) async throws(StorageError) {
    var stored = loaded
    if let form = snapshot?.meta.form, (form == .withheld) != (role == .witness) {
      throw Self.otherRole(than: role)
    }
    try Self.check(stored)
    self.stated = stored.last
    if let last = snapshot?.meta.lastLogID {
      try await Self.align(&stored, with: last, logStore)
    } else if let purged = stored.purged {
      throw Inconsistency.snapshotMissing(purged: purged).error
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
    self.stored = stored
    try await Self.outline(logStore, through: stored.last, role, into: &recovered)
    recovered.committed = try Self.committed(stored, recovered, kept)
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
      throw Inconsistency.snapshotTooOld(purged: purged, snapshot: snapshot).error
    }
    if let purged = stored.purged, purged.index == snapshot.index {
      guard purged == snapshot else {
        throw Inconsistency.snapshotForeign(purged: purged, snapshot: snapshot).error
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

  /// Learns from the log what the engine must know of it.
  private static func outline(
    _ logStore: any LogStore, through last: LogID?, _ role: Member.Role,
    into recovered: inout Engine.Recovered
  ) async throws(StorageError) {
    guard let last, case let first = recovered.log.last.nextIndex, first <= last.index else {
      return
    }
    let outline = try await logStore.outline(from: first, through: last.index)
    guard !outline.kinds.contains(role == .witness ? .command : .withheld) else {
      throw Self.otherRole(than: role)
    }
    for stretch in outline.stretches {
      let next = recovered.log.last.nextIndex
      guard stretch.first <= next else {
        throw Inconsistency.gap(at: next, last: last).error
      }
      guard stretch.first == next, stretch.last >= next,
        recovered.log.last.map({ $0.leader <= stretch.leader }) ?? true
      else {
        throw Inconsistency.disorder(stretch, after: recovered.log.last).error
      }
      recovered.log.append(stretch.leader, from: stretch.first, through: stretch.last)
    }
    guard recovered.log.last.nextIndex > last.index else {
      throw Inconsistency.gap(at: recovered.log.last.nextIndex, last: last).error
    }
    guard recovered.log.last == last else {
      throw Inconsistency.endDiffers(found: recovered.log.last, stated: last).error
    }
    recovered.lastTimestamp = max(recovered.lastTimestamp, outline.timestamp)
    for membership in outline.memberships {
      guard let logID = membership.logID,
        logID.isNewer(than: recovered.membership.effective.logID)
      else { continue }
      recovered.membership.append(membership)
    }
  }

  /// A replica must not go on with the stores of a witness: it would apply what it has not.
  ///
  /// Nor the other way round: a witness's stores hold no data.
  static func otherRole(than role: Member.Role) -> StorageError {
    switch role {
    case .replica:
      StorageError(
        .foreign,
        "the stores are those of a witness and hold no data: start the node as a witness, or as a "
          + "replica on empty stores")
    case .witness:
      StorageError(
        .foreign,
        "the stores are those of a replica: start the node as a replica, or as a witness on empty "
          + "stores")
    }
  }

  /// Checks that the node remembers what it promised: its vote, and who the members are.
  ///
  /// The vote comes before every entry that was taken under it, and a membership is the first. The
  /// entry of a cluster's foundation belongs to no election: who holds nothing else need not have
  /// voted.
  ///
  /// - Throws: ``StorageError`` with kind ``StorageError/Kind/corrupted``.
  package func requireMemory() throws(StorageError) {
    if let last = self.stated, last.leader.term > 0 {
      guard let vote = self.engine.vote else { throw Inconsistency.voteMissing(last: last).error }
      guard vote.leader >= last.leader else {
        throw Inconsistency.voteTooOld(vote, last: last).error
      }
    }
    guard self.engine.log.last == nil || self.engine.membership.effective.logID != nil else {
      throw Inconsistency.membershipMissing(last: self.engine.log.last).error
    }
  }

  /// What the log says of itself, before any snapshot is compared with it.
  private static func check(_ stored: StoredLog) throws(StorageError) {
    guard stored.last.isAtLeast(stored.purged) else {
      throw Inconsistency.endsBeforeStart(last: stored.last, purged: stored.purged).error
    }
  }

  /// The largest of what was noted, and what the snapshot and the machine hold.
  ///
  /// All writes to the log are one ordered sequence: an entry comes before the note that it is
  /// committed. Only a snapshot from a leader, which is durable first, replaces committed entries,
  /// and a crash may come between the cut and the purge behind it.
  private static func committed(
    _ stored: StoredLog, _ recovered: Engine.Recovered, _ kept: LogID?
  ) throws(StorageError) -> LogID? {
    let noted = try Self.noted(stored, recovered)
    // A machine may be ahead of the log: a leader applies what a majority has, also before its own
    // disk does. Then the log is completed by the next leader.
    guard let kept, kept.index >= noted.nextIndex, kept.index < recovered.log.last.nextIndex else {
      return noted
    }
    guard recovered.log.contains(kept) else {
      throw Inconsistency.machineContradicted(
        kept, found: recovered.log.logID(at: kept.index)
      ).error
    }
    return kept
  }

  private static func noted(
    _ stored: StoredLog, _ recovered: Engine.Recovered
  ) throws(StorageError) -> LogID? {
    guard let noted = stored.committed, noted.index >= recovered.applied.nextIndex else {
      return recovered.applied
    }
    guard noted.index < recovered.log.last.nextIndex else {
      throw Inconsistency.committedBeyondEnd(noted, last: stored.last).error
    }
    guard recovered.log.contains(noted) else {
      throw Inconsistency.committedContradicted(
        noted, found: recovered.log.logID(at: noted.index)
      ).error
    }
    return noted
  }
}
