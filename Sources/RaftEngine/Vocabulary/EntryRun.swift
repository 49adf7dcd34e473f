/// Consecutive entries of one leader and one kind, as far as the protocol must know them.
///
/// The engine decides over runs, never over payloads: a batch of a thousand commands is one run.
/// A membership entry is always a run of one that carries its ``Membership``.
public struct EntryRun: Hashable, Sendable {
  /// The leadership that wrote the entries.
  public let leader: LeaderID
  /// The index of the first entry.
  public let first: LogIndex
  /// How many entries; at least 1.
  public let count: Int
  /// The length of all payloads together, in bytes.
  public let byteCount: Int
  /// What the entries are for.
  public let kind: EntryKind
  /// When the leader took them.
  public let timestamp: Timestamp
  /// The membership that a membership entry carries; `nil` in every other kind.
  public let membership: Membership?

  /// A run of `count` entries from `first` on.
  ///
  /// - Precondition: `count` is at least 1, and exactly a membership entry, alone in its run,
  ///   carries a membership.
  public init(
    leader: LeaderID, first: LogIndex, count: Int, byteCount: Int, kind: EntryKind,
    timestamp: Timestamp, membership: Membership? = nil
  ) {
    precondition(count >= 1, "a run of \(count) entries")
    precondition(
      (kind == .membership) == (membership != nil) && (membership == nil || count == 1),
      "a membership entry stands alone and carries its membership")
    self.leader = leader
    self.first = first
    self.count = count
    self.byteCount = byteCount
    self.kind = kind
    self.timestamp = timestamp
    self.membership = membership
  }

  /// The index of the last entry.
  public var last: LogIndex { self.first + (self.count - 1) }

  /// The position of the first entry.
  public var firstLogID: LogID { LogID(leader: self.leader, index: self.first) }

  /// The position of the last entry.
  public var lastLogID: LogID { LogID(leader: self.leader, index: self.last) }
}

extension EntryRun: CustomStringConvertible {
  /// `command T3-N1 40...42`.
  public var description: String { "\(self.kind) \(self.leader) \(self.first)...\(self.last)" }
}
