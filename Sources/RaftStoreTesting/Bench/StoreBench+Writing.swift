internal import Raft

extension StoreBench {
  /// Adds commands with payloads of these lengths, as one chunk.
  func append(byteCounts: [Int]) {
    self.append(
      EntrySlice(
        EntryMaking.chunk(leader: self.leader, first: self.model.next, byteCounts: byteCounts)))
  }

  /// Adds commands of 16 bytes, as one chunk.
  func append(count: Int) {
    self.append(byteCounts: Array(repeating: 16, count: count))
  }

  /// Adds commands of 16 bytes, each with a call and a chunk of its own.
  func appendEach(count: Int) {
    for _ in 0..<count { self.append(count: 1) }
  }

  /// Adds one entry of this kind.
  func append(_ kind: EntryKind, byteCount: Int = 0, at timestamp: Timestamp? = nil) {
    self.append(
      EntrySlice(
        EntryMaking.chunk(
          leader: self.leader, first: self.model.next, byteCounts: [byteCount], kind: kind,
          timestamp: timestamp)))
  }

  /// Adds a membership entry.
  func append(_ membership: Membership) {
    self.append(
      EntrySlice(
        EntryMaking.chunk(
          leader: self.leader, first: self.model.next, membership: membership)))
  }

  /// Adds these entries.
  func append(_ slice: EntrySlice) {
    // One by one: of entries that were appended together a power cut may leave the first ones.
    for entry in ModelEntry.list(slice) { self.model.append(entry) }
    self.model.settleWatermark()
    self.write { self.log.append(slice, completion: $0) }
  }

  /// Saves a vote.
  func save(_ vote: Vote) {
    self.model.vote = vote
    self.model.settleWatermark()
    self.write { self.log.save(vote, completion: $0) }
  }

  /// Binds the store to a cluster.
  func adopt(_ cluster: ClusterID) {
    self.model.cluster = cluster
    self.model.settleWatermark()
    self.write { self.log.adopt(cluster, completion: $0) }
  }

  /// Removes the entries after this index, which is in the log or was purged last; with `nil`,
  /// all there are.
  func truncate(after index: LogIndex?) {
    let last = index.map { $0 < self.model.start ? self.model.purged : self.model.entry($0).logID }
    self.truncate(afterPosition: last.flatMap(\.self))
  }

  /// Removes the entries after this position.
  func truncate(afterPosition last: LogID?) {
    self.model.truncate(after: last)
    self.log.truncate(after: last)
    self.past?.cut("after a truncation")
  }

  /// Removes the entries through this index, which is in the log.
  func purge(through index: LogIndex) {
    self.purge(throughPosition: self.model.entry(index).logID)
  }

  /// Removes the entries through this position, which may lie beyond the end.
  func purge(throughPosition logID: LogID) {
    self.model.purge(through: logID)
    self.log.purge(through: logID)
    self.past?.cut("after a purge")
  }

  /// Notes that the log is committed through this index.
  func note(committed index: LogIndex) {
    let logID = self.model.entry(index).logID
    self.model.note(committed: logID)
    self.log.note(committed: logID)
    self.past?.cut("after a note")
  }

  private func write(_ body: (IOCompletion) -> Durability) {
    let completion = self.completions.makeCompletion(
      vote: self.model.vote ?? .initial, logID: self.model.last)
    self.past?.issued(completion.io.sequence)
    self.completions.returned(body(completion), from: completion.io)
    self.past?.cut("after the call of write \(completion.io.sequence)")
  }
}
