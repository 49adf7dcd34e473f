internal import Raft

extension StoreBench {
  /// From now on the power is cut, in a copy of the place, at every report and after every call.
  func cutEverywhere() throws(Deviation) {
    guard let cut = self.device.cut else {
      throw Deviation(expected: "a CrashingStoreFactory", found: "another one")
    }
    let past = PowerCutRecord(self.model, cutting: cut)
    self.past = past
    self.completions.listen { past.reported($0) }
  }

  /// How the remains of a cut are used.
  enum Use {
    /// The stores are read, written, closed and read again.
    case stores
    /// Before that, a node starts over them.
    case node
  }

  /// Opens all that the cuts left, and expects what was durable, whole and in order.
  func expectRemains(_ use: Use = .stores) async throws {
    try await self.settle()
    guard let past = self.past else { return }
    self.past = nil
    for moment in try past.moments() {
      do {
        try await self.expect(moment, of: past, use)
      } catch {
        let deviation = Deviation(error)
        throw Deviation(
          expected: "\(deviation.expected), if the power is cut \(moment.name)",
          found: deviation.found)
      }
      try await moment.remains.remove()
    }
  }

  private func expect(
    _ moment: PowerCutRecord.Moment, of past: PowerCutRecord, _ use: Use
  ) async throws {
    let possible = past.possibleModels(at: moment)
    if use == .node {
      let pair = try await moment.remains.open()
      do {
        _ = try await Recovery(logStore: pair.log, snapshotStore: pair.snapshots)
      } catch {
        await pair.log.close()
        throw Deviation(expected: "stores that a node starts with", error: error)
      }
      await pair.log.close()
    }
    let first = try await moment.remains.open()
    var found: PowerCutFinding
    do {
      found = try await PowerCutFinding(first.log)
      if use == .stores { try found.expectOne(of: possible) }
      try await self.expectSnapshot(in: first, at: moment, of: past)
      try await self.append(to: first.log, &found)
    } catch {
      await first.log.close()
      throw error
    }
    await first.log.close()
    let second = try await moment.remains.open()
    let again: PowerCutFinding
    do {
      again = try await PowerCutFinding(second.log)
    } catch {
      await second.log.close()
      throw error
    }
    await second.log.close()
    try again.expectSame(as: found)
  }

  /// Goes on behind what was found, so that another start has to find that as well.
  private func append(to log: any LogStore, _ found: inout PowerCutFinding) async throws {
    let leader = LeaderID(term: Term(1 << 40), node: 1)
    let slice = EntrySlice(
      EntryMaking.chunk(leader: leader, first: found.stored.last.nextIndex, byteCounts: [33]))
    let vote = Vote(leader: leader, isCommitted: true)
    let recorder = CompletionRecorder()
    for body in [{ log.save(vote, completion: $0) }, { log.append(slice, completion: $0) }]
      as [(IOCompletion) -> Durability]
    {
      let completion = recorder.makeCompletion(vote: vote, logID: slice.lastLogID)
      recorder.returned(body(completion), from: completion.io)
    }
    try await recorder.expectDurable(within: self.limit)
    found.stored.vote = vote
    found.stored.last = slice.lastLogID
    found.entries += ModelEntry.list(slice)
  }

  /// Expects the newest snapshot to be one that was begun, whole, and no older than acknowledged.
  private func expectSnapshot(
    in pair: StorePair, at moment: PowerCutRecord.Moment, of past: PowerCutRecord
  ) async throws {
    guard let latest = try await pair.snapshots.latest() else {
      guard let snapshot = moment.snapshot else { return }
      throw Deviation(expected: "the snapshot at \(snapshot)", found: "no snapshot")
    }
    let logID = latest.meta.lastLogID
    if let snapshot = moment.snapshot, logID < snapshot {
      throw Deviation(expected: "the snapshot at \(snapshot)", found: "the one at \(logID)")
    }
    guard let draft = past.draft(at: logID) else {
      throw Deviation(expected: "a snapshot that was written", found: "one at \(logID)")
    }
    try await Self.expectSnapshot(latest, is: draft.meta, content: draft.content)
  }
}
