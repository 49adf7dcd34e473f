/// How far the node's writes got: submitted to the store, and durable there.
package struct IOCursor: Hashable, Sendable {
  /// The number of the last write submitted.
  package private(set) var submitted: UInt64 = 0
  /// The number of the last write known to be durable.
  package private(set) var flushed: UInt64 = 0
  /// The last index whose entry, as the log has it now, is durable.
  package private(set) var durable: LogIndex?
  /// Since when the store has had writes and reported none; `nil` while all are durable.
  package private(set) var waitingSince: Instant?
  /// Writes through this number may hold entries that were cut off since.
  private var cutAt: UInt64 = 0

  package init(durable: LogIndex?) {
    self.durable = durable
  }

  /// Numbers the next write.
  mutating func submit(vote: Vote, logID: LogID?, at now: Instant) -> IOID {
    self.submitted += 1
    if self.waitingSince == nil { self.waitingSince = now }
    return IOID(sequence: self.submitted, vote: vote, logID: logID)
  }

  /// The entries after this index are gone; completions of what is on its way prove nothing
  /// about the entries that come in their place.
  mutating func cut(after index: LogIndex?) {
    self.cutAt = self.submitted
    guard let durable = self.durable else { return }
    self.durable = index.map { min($0, durable) }
  }

  /// Everything through this index is durable in another way, as in a snapshot.
  mutating func covered(through index: LogIndex) {
    self.durable = max(self.durable ?? index, index)
  }

  /// The store reports a write as durable; `false` if that is no news.
  mutating func flush(_ io: IOID, at now: Instant) -> Bool {
    guard io.sequence > self.flushed, io.sequence <= self.submitted else { return false }
    self.flushed = io.sequence
    self.waitingSince = self.flushed < self.submitted ? now : nil
    if io.sequence > self.cutAt, let logID = io.logID {
      self.covered(through: logID.index)
    }
    return true
  }
}
