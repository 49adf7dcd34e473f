/// What a start must know of a stretch of the log, payloads aside.
///
/// It is small however long the stretch: one element for each change of leadership, and one for each
/// membership.
public struct LogOutline: Hashable, Sendable {
  /// Entries that one leadership wrote, one behind the other.
  public struct Stretch: Hashable, Sendable {
    /// Who wrote them.
    public let leader: LeaderID
    /// The first of them.
    public let first: LogIndex
    /// The last of them.
    public internal(set) var last: LogIndex
  }

  /// Who wrote the entries, from the first stretch to the last; neighbours have different leaders.
  public private(set) var stretches: [Stretch] = []
  /// The memberships among the entries, in their order.
  public private(set) var memberships: [LoggedMembership] = []
  /// The latest timestamp of the entries: that of the last one, since along a log it never goes back.
  public private(set) var timestamp = Timestamp.epoch
  /// Kinds of entries that are among them.
  ///
  /// If there are commands, or such as were withheld, it names one of the two at least; a log has
  /// never both. Other kinds may be left out.
  public private(set) var kinds: Set<EntryKind> = []

  /// An outline of no entries.
  public init() {}

  /// Adds entries: everything that is known of their run.
  public mutating func append(_ run: EntryRun) {
    self.append(entriesOf: run.leader, from: run.first, through: run.last)
    if let membership = run.membership {
      self.append(LoggedMembership(logID: run.lastLogID, membership: membership))
    }
    self.note(run.kind, run.timestamp)
  }

  /// Adds entries of one leadership.
  public mutating func append(
    entriesOf leader: LeaderID, from first: LogIndex, through last: LogIndex
  ) {
    if let end = self.stretches.last, end.leader == leader, end.last.next == first {
      self.stretches[self.stretches.count - 1].last = last
    } else {
      self.stretches.append(Stretch(leader: leader, first: first, last: last))
    }
  }

  /// Adds the membership of one of the entries; those before it were added before.
  public mutating func append(_ membership: LoggedMembership) {
    self.memberships.append(membership)
  }

  /// Notes that an entry of this kind is among them.
  public mutating func note(_ kind: EntryKind) {
    self.kinds.insert(kind)
  }

  /// Notes that the last entry, or one before it, was written at this moment.
  public mutating func note(_ timestamp: Timestamp) {
    self.timestamp = max(self.timestamp, timestamp)
  }

  private mutating func note(_ kind: EntryKind, _ timestamp: Timestamp) {
    self.note(kind)
    self.note(timestamp)
  }
}

extension LogOutline {
  /// The outline of a store's entries, which are read, a megabyte at a time.
  package static func scanning(
    _ store: any LogStore, from first: LogIndex, through last: LogIndex
  ) async throws(StorageError) -> LogOutline {
    var outline = LogOutline()
    var next = first
    while next <= last {
      let slices = try await store.entries(from: next, through: last, byteLimit: 1 << 20)
      // What does not follow is for the reader to judge.
      for slice in slices { outline.append(slice.run) }
      guard let end = slices.last?.last, end >= next else { break }
      next = end.next
    }
    return outline
  }
}

extension LogStore {
  /// Reads all entries of the range for what they are.
  public func outline(
    from first: LogIndex, through last: LogIndex
  ) async throws(StorageError) -> LogOutline {
    try await LogOutline.scanning(self, from: first, through: last)
  }
}
