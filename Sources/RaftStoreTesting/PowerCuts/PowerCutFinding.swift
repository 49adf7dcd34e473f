internal import Raft

/// What a log store holds after a power cut, read from its beginning to its end.
struct PowerCutFinding {
  var stored: StoredLog
  var entries: [ModelEntry] = []

  /// Loads the log and reads all of it.
  init(_ log: any LogStore) async throws {
    try await self.init(try await log.load(), log)
  }

  /// Reads all of a log that said this when it was opened.
  init(_ stored: StoredLog, _ log: any LogStore) async throws {
    self.stored = stored
    guard let last = self.stored.last else { return }
    var next = self.stored.purged.nextIndex
    while next <= last.index {
      let slices = try await log.entries(
        from: next, through: last.index, byteLimit: StoreBench.ample)
      try StoreBench.expectOrder(of: slices, from: next, through: last.index)
      for slice in slices { self.entries += ModelEntry.list(slice) }
      next = slices[slices.count - 1].last.next
    }
    try expect(self.entries.last?.logID ?? self.stored.purged, is: last, "last position")
  }

  /// Throws a deviation unless the log is one of these, the first of which was durable.
  func expectOne(of possible: ArraySlice<LogModel>) throws(Deviation) {
    var nearest: Deviation?
    for model in possible {
      do throws(Deviation) {
        try self.expectSame(as: model)
        return
      } catch {
        nearest = nearest ?? error
      }
    }
    throw nearest ?? Deviation(expected: "a log", found: "\(self.stored)")
  }

  /// Throws a deviation if the log is not this one.
  private func expectSame(as model: LogModel) throws(Deviation) {
    try model.expectSame(self.stored)
    try self.expectEntries(model.entries)
  }

  /// Throws a deviation if another opening did not find what this one left.
  func expectSame(as before: PowerCutFinding) throws(Deviation) {
    try expect(self.stored.incarnation, is: before.stored.incarnation, "incarnation")
    try expect(self.stored.cluster, is: before.stored.cluster, "cluster")
    try expect(self.stored.vote, is: before.stored.vote, "vote")
    try expect(self.stored.purged, is: before.stored.purged, "last purged position")
    try expect(self.stored.committed, is: before.stored.committed, "committed watermark")
    try expect(self.stored.last, is: before.stored.last, "last position")
    try self.expectEntries(before.entries)
  }

  private func expectEntries(_ expected: [ModelEntry]) throws(Deviation) {
    try expect(self.entries.count, is: expected.count, "number of entries")
    for (found, entry) in zip(self.entries, expected) { try entry.expectSame(found) }
  }
}
