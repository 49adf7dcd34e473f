import RaftEngine

/// An entry of a modelled log: what the engine knows of it, and the number that tells it from
/// every other entry of the run.
struct ModelEntry: Hashable {
  let logID: LogID
  let kind: EntryKind
  let timestamp: Timestamp
  let membership: Membership?
  let payload: UInt64

  var index: LogIndex { self.logID.index }
}

extension [ModelEntry] {
  /// The same entries as a leader describes them: grouped while they differ in nothing but index.
  var runs: [EntryRun] {
    var runs: [EntryRun] = []
    var start = 0
    for place in self.indices {
      let isLast = place + 1 == self.count
      let next = isLast ? self[place] : self[place + 1]
      let entry = self[place]
      guard
        isLast || entry.kind == .membership || next.kind != entry.kind
          || next.logID.leader != entry.logID.leader || next.timestamp != entry.timestamp
      else { continue }
      runs.append(
        EntryRun(
          leader: entry.logID.leader, first: self[start].index, count: place - start + 1,
          byteCount: 8 * (place - start + 1), kind: entry.kind, timestamp: entry.timestamp,
          membership: entry.membership))
      start = place + 1
    }
    return runs
  }
}
