/// The last two memberships of a node's log.
///
/// The last one in the log is *effective* as soon as it is appended, committed or not (thesis
/// §4.1). A leader proposes a membership only when the one before it is committed, so everything
/// before the last one is known to be committed, and cutting the log can only undo the last one.
package struct MembershipState: Hashable, Sendable {
  /// The last membership known to be committed.
  package private(set) var committed: LoggedMembership
  /// The last membership in the log; the same as `committed` once it is committed.
  package private(set) var effective: LoggedMembership

  package init(committed: LoggedMembership = .none, effective: LoggedMembership = .none) {
    precondition(
      effective.logID.isAtLeast(committed.logID),
      "effective membership \(effective) before committed \(committed)")
    self.committed = committed
    self.effective = effective
  }

  /// A membership entry was appended.
  package mutating func append(_ logged: LoggedMembership) {
    precondition(
      logged.logID.isAfter(self.effective.logID), "\(logged) appended after \(self.effective)")
    self.committed = self.effective
    self.effective = logged
  }

  /// The log is committed through this index.
  package mutating func commit(through index: LogIndex) {
    guard let logID = self.effective.logID, logID.index <= index else { return }
    self.committed = self.effective
  }

  /// The log was cut: entries from this index on are gone.
  ///
  /// - Precondition: the entry of ``committed`` is not among them.
  package mutating func truncate(from index: LogIndex) {
    guard let logID = self.effective.logID, logID.index >= index else { return }
    precondition(
      self.committed.logID.nextIndex <= index, "committed \(self.committed) cut from \(index) on")
    self.effective = self.committed
  }

  /// A snapshot replaced the log through its end; memberships behind it stay effective.
  package mutating func install(_ snapshot: LoggedMembership, keepingLog: Bool) {
    if !keepingLog || !self.effective.logID.isAfter(snapshot.logID) {
      self.effective = snapshot
    }
    self.committed =
      self.committed.logID.isAfter(snapshot.logID) && keepingLog ? self.committed : snapshot
  }

  /// Whether the effective membership is known to be committed.
  ///
  /// A position names one entry, and so one membership.
  package var isSettled: Bool { self.committed.logID == self.effective.logID }
}
