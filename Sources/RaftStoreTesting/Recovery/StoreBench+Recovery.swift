internal import Raft

extension StoreBench {
  /// Starts a node over the stores, and expects it to find what the model says, and this.
  func expectRecovery(
    committed: LogID? = nil, applied: LogID? = nil, membership: MembershipState = .init()
  ) async throws {
    let recovery = try await self.recover()
    let found = recovery.engine
    try expect(recovery.incarnation, is: self.model.incarnation, "incarnation")
    try expect(found.cluster, is: self.model.cluster, "cluster")
    try expect(found.vote, is: self.model.vote, "vote")
    try expect(found.log, is: self.model.shape, "shape of the log")
    try expect(
      found.lastTimestamp, is: self.model.entries.map(\.timestamp).max() ?? .epoch,
      "last timestamp")
    try expect(found.snapshot, is: applied, "last position of the snapshot")
    try expect(found.applied, is: applied, "last position applied")
    try expect(recovery.snapshot?.meta.lastLogID, is: applied, "snapshot to restore")
    try expect(found.committed, is: committed, "last committed position")
    try expect(
      found.membership.committed, is: membership.committed, "membership known to be committed")
    try expect(found.membership.effective, is: membership.effective, "effective membership")
    try await self.expectContents()
  }

  /// Starts a node over the stores, and expects it to refuse them as damaged.
  func expectRefusal() async throws {
    let expected = "the error \"corrupted\" when a node starts over the stores"
    do {
      _ = try await self.recover()
    } catch let error as StorageError where error.kind == .corrupted {
      return
    } catch {
      throw Deviation(expected: expected, error: error)
    }
    throw Deviation(expected: expected, found: "a node that started")
  }

  /// Adds a membership entry.
  ///
  /// - Returns: the membership with its place.
  func appendLogged(_ membership: Membership) -> LoggedMembership {
    let logID = LogID(leader: self.leader, index: self.model.next)
    self.append(membership)
    return LoggedMembership(logID: logID, membership: membership)
  }

  /// Stores a snapshot of the state at this position.
  func storeSnapshot(at logID: LogID, _ membership: LoggedMembership = .none) async throws {
    try await self.store(SnapshotMeta(lastLogID: logID, membership: membership), pieces: [[1]])
  }
}

extension LogModel {
  /// Who wrote which entries.
  fileprivate var shape: LogIDList {
    var shape = LogIDList(purged: self.purged)
    for entry in self.entries {
      shape.append(
        entry.logID.leader, from: entry.logID.index, through: entry.logID.index)
    }
    return shape
  }
}
