import Raft

/// What a naive log store holds: one slice for each entry, found by its index.
///
/// It carries the faults of the store; `nil` is none.
struct NaiveLogDisk: Sendable {
  let fault: LogFault?
  var stored: StoredLog
  var entries: [LogIndex: EntrySlice] = [:]
  /// Where each appended batch began.
  var borders: Set<LogIndex> = []
  /// What was cut off or purged, for faults that bring it back.
  var removed: [LogIndex: EntrySlice] = [:]
  /// What reads gave, for a fault that gives it again.
  private var read: [LogIndex: EntrySlice] = [:]
  /// The entry whose bytes were changed.
  var damage: LogIndex?
  /// The end of the log before the last append.
  var endBeforeAppend: LogIndex = 0
  /// How far the first read saw.
  var endAtFirstRead: LogIndex?

  init(fault: LogFault?) {
    self.fault = fault
    let life = fault == .constantIncarnation ? 1 : UInt64.random(in: .min ... .max)
    self.stored = StoredLog(incarnation: Incarnation(life))
    if fault == .bornWithVote { self.stored.vote = .initial }
  }

  /// The largest index there is an entry for.
  private var lastIndex: LogIndex?

  var last: LogID? {
    self.lastIndex.flatMap { self.entries[$0]?.lastLogID } ?? self.stored.purged
  }

  /// The index behind the last entry.
  var end: LogIndex { self.last?.index.next ?? 0 }

  private var firstIndex: LogIndex { self.stored.purged.nextIndex }

  /// What the store says when it is opened.
  mutating func load() -> StoredLog {
    switch self.fault {
    case .otherIncarnationWhenReopened:
      let raw = self.stored.incarnation.rawValue
      defer { self.stored.incarnation = Incarnation(raw &+ 1) }
      return self.said()
    case .losesLastEntryWhenReopened:
      self.dropLast()
      return self.said()
    case .truncationIsUndoneByReopening, .purgeIsUndoneByReopening:
      self.entries.merge(self.removed) { kept, _ in kept }
      self.findEnd()
      return self.said()
    default:
      return self.said()
    }
  }

  /// What a store makes of an entry whose bytes were changed.
  mutating func openDamaged() throws(StorageError) {
    guard let damage = self.damage else { return }
    switch self.fault {
    case .damageIsTakenForAnEnd:
      for index in self.entries.keys where index >= damage { self.entries[index] = nil }
      self.findEnd()
    case .damageIsHandedOut:
      guard let slice = self.entries[damage], !slice.payload(at: damage).isEmpty else { return }
      self.entries[damage] = LogFault.inverted(slice)
    default:
      throw StorageError(.corrupted, "entry \(damage) is damaged")
    }
  }

  private func said() -> StoredLog {
    var said = self.stored
    said.last = self.last
    switch self.fault {
    case .forgetsVote: said.vote = nil
    case .forgetsWatermark: said.committed = nil
    case .watermarkRunsAhead: said.committed = self.last
    case .forgetsPurgedPosition: said.purged = nil
    case .forgetsEndOfEmptyLog: said.last = self.entries.isEmpty ? nil : self.last
    case .forgetsGeneration:
      said.cluster = said.cluster.map { ClusterID(high: $0.high, low: $0.low) }
    default: break
    }
    return said
  }

  mutating func append(_ slice: EntrySlice) {
    self.endBeforeAppend = self.end
    self.borders.insert(slice.first)
    let whole = self.fault == .storesTheWholeChunk ? EntrySlice(slice.chunk) : slice
    // Faults may have lost or left something: entries stand where the store believes its end is.
    var place = self.fault == .oldEntriesHideNewOnes ? slice.first : self.end
    if self.fault == .truncatesOneTooFew || self.fault == .truncationIsIgnored {
      place = slice.first
    }
    for offset in whole.offsets {
      let entry = EntrySlice(whole.chunk, offsets: offset..<(offset + 1))
      if self.fault == .emptyPayloadsVanish, entry.byteCount == 0 { continue }
      if self.fault != .oldEntriesHideNewOnes || self.entries[place] == nil {
        self.entries[place] = self.fault?.garbled(entry) ?? entry
        self.lastIndex = max(self.lastIndex ?? place, place)
      }
      place = place.next
    }
  }

  mutating func truncate(after last: LogID?) {
    var first = last?.index.next ?? 0
    switch self.fault {
    case .truncationIsIgnored, .oldEntriesHideNewOnes: return
    case .truncationAfterNothingIsIgnored where last == nil: return
    case .truncationAfterNothingForgetsPurge where last == nil: self.stored.purged = nil
    case .truncationBeyondTheEndEmpties where first > self.end: first = 0
    case .truncatesOneTooMany: first = last?.index ?? 0
    case .truncatesOneTooFew: first = first.next
    default: break
    }
    self.remove(keepingIf: .truncationIsUndoneByReopening) { $0 >= first }
  }

  mutating func purge(through logID: LogID) {
    var index = logID.index
    switch self.fault {
    case .purgeBeyondTheEndIsIgnored where index >= self.end: return
    case .purgesOneTooFew where index == 0:
      self.stored.purged = logID
      return
    case .purgesOneTooFew: index = index.previous ?? 0
    case .purgesOneTooMany: index = index.next
    case .indicesOf32Bits: index = LogIndex(index.rawValue & 0xFFFF_FFFF)
    case .purgeForgetsVote: self.stored.vote = nil
    default: break
    }
    self.remove(keepingIf: .purgeIsUndoneByReopening) { $0 <= index }
    let isRight = self.fault != .indicesOf32Bits
    self.stored.purged = isRight ? logID : LogID(leader: logID.leader, index: index)
  }

  /// Looks for the last entry, after some were taken away or brought back.
  mutating func findEnd() {
    self.lastIndex = self.entries.keys.max()
  }

  private mutating func remove(
    keepingIf fault: LogFault, _ isGone: (LogIndex) -> Bool
  ) {
    for (index, entry) in self.entries where isGone(index) {
      self.entries[index] = nil
      if self.fault == fault { self.removed[index] = entry }
    }
    self.findEnd()
  }

  mutating func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) throws(StorageError) -> [EntrySlice] {
    guard first <= last else {
      guard self.fault == .emptyRangeIsMissing else { return [] }
      throw StorageError(.missing, "nothing to read")
    }
    let end = self.visibleEnd()
    let first = self.fault == .purgedReadsBeginLater ? max(first, self.firstIndex) : first
    guard self.entries[first] != nil, first < end,
      self.fault != .rangeMustBeWhole || self.entries[last] != nil
    else {
      guard self.fault != .missingIsEmpty else { return [] }
      throw StorageError(.missing, "entry \(first) is not there")
    }
    var found: [EntrySlice] = []
    var room = byteLimit
    var index = first
    while index < end, index <= last || self.fault == .readsPastTheRange,
      let entry = self.entries[index]
    {
      let isFirst = found.isEmpty && self.fault != .limitGivesNothing
      let entry = self.fault == .readsOutliveTruncations ? self.firstRead(entry) : entry
      guard isFirst || entry.byteCount <= room || self.fault == .ignoresTheLimit else { break }
      found.append(entry)
      room -= entry.byteCount
      index = index.next
      if self.fault == .skipsAnEntryBetweenChunks, self.borders.contains(index) {
        index = index.next
      }
    }
    return found
  }

  /// The entry that the first read of this index gave.
  private mutating func firstRead(_ entry: EntrySlice) -> EntrySlice {
    let first = self.read[entry.first] ?? entry
    self.read[entry.first] = first
    return first
  }

  private mutating func visibleEnd() -> LogIndex {
    switch self.fault {
    case .readsLagBehind:
      return self.endBeforeAppend
    case .readsAreCached:
      let end = self.endAtFirstRead ?? self.end
      self.endAtFirstRead = end
      return end
    default:
      return self.end
    }
  }
}

extension LogFault {
  /// The entry as a store with this fault keeps it; `nil` if it keeps it well.
  fileprivate func garbled(_ slice: EntrySlice) -> EntrySlice? {
    let run = slice.run
    let bytes = Array(slice.payload(at: slice.first))
    switch self {
    case .payloadsOfSevenBits:
      return Self.entry(run, bytes: bytes.map { $0 & 0x7F })
    case .payloadsEndAtAZero:
      return Self.entry(run, bytes: Array(bytes.prefix { $0 != 0 }))
    case .payloadsOfAtMostOneMegabyte:
      return Self.entry(run, bytes: Array(bytes.prefix(1 << 20)))
    case .kindsBecomeCommands:
      return Self.entry(run, bytes: bytes, kind: .command)
    case .timestampsInMilliseconds:
      let rounded = run.timestamp.nanoseconds / 1_000_000 * 1_000_000
      return Self.entry(run, bytes: bytes, timestamp: Timestamp(nanoseconds: rounded))
    case .leadersOf32Bits:
      let leader = LeaderID(
        term: Term(run.leader.term.rawValue & 0xFFFF_FFFF),
        node: NodeID(run.leader.node.rawValue & 0xFFFF_FFFF))
      return Self.entry(run, bytes: bytes, leader: leader)
    case .membershipsLoseMetadata:
      return Self.entry(run, membership: run.membership?.withoutMetadata())
    case .membershipsLoseLeavingRule:
      return Self.entry(run, membership: run.membership?.withoutLeavingRule())
    default:
      return nil
    }
  }

  /// The entry with other bytes as its payload.
  fileprivate static func inverted(_ slice: EntrySlice) -> EntrySlice {
    Self.entry(slice.run, bytes: slice.payload(at: slice.first).map { ~$0 })
  }

  private static func entry(
    _ run: EntryRun, bytes: [UInt8], leader: LeaderID? = nil, kind: EntryKind? = nil,
    timestamp: Timestamp? = nil
  ) -> EntrySlice {
    let kind = kind ?? run.kind
    return EntrySlice(
      EntryChunk(
        run: EntryRun(
          leader: leader ?? run.leader, first: run.first, count: 1, byteCount: bytes.count,
          kind: kind, timestamp: timestamp ?? run.timestamp,
          membership: kind == .membership ? run.membership : nil),
        bytes: bytes, ends: [UInt32(bytes.count)]))
  }

  private static func entry(_ run: EntryRun, membership: Membership?) -> EntrySlice? {
    guard let membership else { return nil }
    return EntrySlice(
      EntryChunk(
        emptyPayloads: EntryRun(
          leader: run.leader, first: run.first, count: 1, byteCount: 0, kind: .membership,
          timestamp: run.timestamp, membership: membership)))
  }
}

extension Membership {
  fileprivate func withoutMetadata() -> Membership? {
    let members = self.members.map { member in
      var member = member
      member.metadata = [:]
      return member
    }
    return try? Membership(
      configurations: self.configurations, members: members, leavingRule: self.leavingRule,
      terms: self.terms)
  }

  fileprivate func withoutLeavingRule() -> Membership? {
    try? Membership(
      configurations: self.configurations, members: self.members, terms: self.terms)
  }
}
