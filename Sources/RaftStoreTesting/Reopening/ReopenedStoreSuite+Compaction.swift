internal import Raft

extension ReopenedStoreSuite {
  /// Logs that are purged behind snapshots, again and again.
  static let compaction: [StoreCase] = [
    rule(
      "A log that is compacted again and again is the same after each reopening",
      contract: "purge removes all entries through the position; what else is held stays"
    ) { bench in
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      for round in 1...8 {
        bench.append(byteCounts: [600, 0, 600, 50, 600])
        let last = bench.model.entry(LogIndex(UInt64(round * 5 - 2))).logID
        let content = StoreBench.content(3000, seed: UInt64(round))
        try await bench.store(StoreBench.meta(at: last.index), pieces: [content])
        bench.purge(through: LogIndex(UInt64(round * 5 - 3)))
        try await bench.reopen()
        try await bench.expectLatest(StoreBench.meta(at: last.index), content: content)
      }
    },
    rule(
      "Entries on both sides of a purge stay apart after reopening",
      contract: "a read that begins at a purged entry is missing, however far it reaches"
    ) { bench in
      for count in [4, 1, 1, 9] { bench.append(count: count) }
      for index in [0, 2, 3, 4, 5, 13, 14] as [LogIndex] {
        bench.purge(through: index)
        try await bench.reopen()
        try await bench.expectBoundary()
      }
    },
    rule(
      "A log that a snapshot replaces goes on behind it after reopening",
      contract: "if the purged position lies beyond the end, the log continues behind it"
    ) { bench in
      bench.append(count: 6)
      for index in [20, 90] as [LogIndex] {
        try await bench.store(StoreBench.meta(at: index, term: 7), pieces: [[1, 2, 3]])
        bench.truncate(after: nil)
        bench.purge(throughPosition: StoreBench.meta(at: index, term: 7).lastLogID)
        bench.leader = LeaderID(term: 8, node: 3)
        try await bench.reopen()
        try await bench.expectBoundary()
        bench.append(count: 3)
        try await bench.reopen()
        try await bench.expectBoundary()
      }
    },
  ]
}
