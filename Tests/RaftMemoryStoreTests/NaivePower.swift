import Raft
import RaftConcurrency

/// What is durable of a naive log store, and whether its device works.
///
/// It carries the faults that show when the power is cut.
struct NaivePower: Sendable {
  /// The last write that is durable.
  private var sequence: UInt64 = 0
  /// What the disk held after it.
  private var kept: NaiveLogDisk
  /// What the disk held after the write before.
  private var before: NaiveLogDisk
  /// What the disk held after the last write, durable or not.
  private var newest: NaiveLogDisk
  var isBroken = false

  init(_ disk: NaiveLogDisk) {
    self.kept = disk
    self.before = disk
    self.newest = disk
  }

  /// A write was made.
  mutating func wrote(_ disk: NaiveLogDisk) {
    self.newest = disk
  }

  /// This is durable now.
  mutating func keep(_ disk: NaiveLogDisk, after sequence: UInt64) {
    guard sequence > self.sequence else { return }
    self.sequence = sequence
    self.before = self.kept
    self.kept = disk
  }

  /// The disk after a power cut.
  func remains() -> NaiveLogDisk {
    var left = self.kept
    switch self.kept.fault {
    case .votesAreLostByPowerCuts:
      left.stored.vote = self.before.stored.vote
    case .votesOvertakeEntries:
      left.stored.vote = self.newest.stored.vote
    case .clustersAreLostByPowerCuts:
      left.stored.cluster = self.before.stored.cluster
    case .lastEntryIsLostByPowerCuts:
      left.dropLast()
    case .holesAfterPowerCuts:
      left = self.newest
      if let hole = self.kept.last?.index.next { left.dropEntry(hole) }
    case .tornEntriesAfterPowerCuts:
      left = self.newest
      if self.newest.end > self.kept.end { left.tearLast() }
    case .truncationsAreUndoneByPowerCuts:
      left.bringBack(self.before)
    case .purgesTakeTheVoteByPowerCuts where left.stored.purged != self.before.stored.purged:
      left.stored.vote = nil
    case .purgedPositionIsLostByPowerCuts:
      left.stored.purged = self.before.stored.purged
    case .otherIncarnationAfterPowerCuts:
      left.stored.incarnation = Incarnation(.random(in: .min ... .max))
    default:
      break
    }
    return left
  }
}

extension NaiveLogDisk {
  mutating func dropLast() {
    guard let last = self.last?.index else { return }
    self.dropEntry(last)
  }

  fileprivate mutating func dropEntry(_ index: LogIndex) {
    self.entries[index] = nil
    self.findEnd()
  }

  /// The last entry comes without the second half of its payload.
  fileprivate mutating func tearLast() {
    guard let last = self.last?.index, let entry = self.entries[last], entry.byteCount > 0 else {
      return
    }
    let half = Array(entry.payload(at: last).prefix(entry.byteCount / 2))
    let run = entry.run
    self.entries[last] = EntrySlice(
      EntryChunk(
        run: EntryRun(
          leader: run.leader, first: last, count: 1, byteCount: half.count, kind: run.kind,
          timestamp: run.timestamp),
        bytes: half, ends: [UInt32(half.count)]))
  }

  /// What was cut off is there again behind the end.
  fileprivate mutating func bringBack(_ before: NaiveLogDisk) {
    for (index, entry) in before.entries where self.entries[index] == nil {
      if index > (self.stored.purged?.index ?? 0) { self.entries[index] = entry }
    }
    self.findEnd()
  }
}
