internal import Raft

extension LogStoreSuite {
  private static let apart =
    "a read that begins at a purged entry is missing, however far it reaches"

  /// What can be read around the end of what was purged.
  static let compaction: [StoreCase] = [
    StoreCase("Reads around the purged end give what is left, and nothing of it", contract: apart) {
      bench in
      for count in [5, 1, 10, 1, 3] { bench.append(count: count) }
      for index in LogIndex(0)...19 {
        bench.purge(through: index)
        try await bench.expectBoundary()
      }
      bench.append(count: 2)
      try await bench.expectBoundary()
    },
    StoreCase(
      "Entries that were read before a purge stay as they were",
      contract: "entries are immutable; whoever holds them keeps them"
    ) { bench in
      bench.append(byteCounts: [100, 2000, 30_000])
      let model = bench.model
      let held = try await bench.log.entries(from: 0, through: 2, byteLimit: StoreBench.ample)
      bench.purge(through: 2)
      for _ in 0..<20 { bench.append(byteCounts: [4000, 4000]) }
      bench.purge(through: 30)
      for (entry, expected) in zip(held.flatMap(ModelEntry.list), model.entries) {
        try expected.expectSame(entry)
      }
    },
    StoreCase(
      "A log can be purged while a snapshot is written",
      contract: "log and snapshots are used side by side"
    ) { bench in
      bench.append(count: 20)
      let content = StoreBench.content(90_000, seed: 4)
      let meta = StoreBench.meta(at: 15)
      let writer = try await bench.snapshots.begin(meta)
      for (number, piece) in StoreBench.pieces(content, [30_000, 30_000]).enumerated() {
        try await writer.write(piece)
        bench.append(count: 2)
        bench.purge(through: LogIndex(UInt64(number * 3)))
      }
      _ = try await writer.commit()
      bench.purge(through: 15)
      try await bench.expectBoundary()
      try await bench.expectLatest(meta, content: content)
    },
  ]
}

extension StoreBench {
  /// Expects reads that begin before, at and behind the purged end to give what they should.
  func expectBoundary() async throws {
    try await self.expectContents()
    let start = self.model.start
    if let before = start.previous {
      for first in [before, before.previous ?? before, 0] as [LogIndex] {
        try await self.expectMissing(
          first, through: self.model.next + 2, because: "it is purged, though the range reaches on")
      }
    }
    guard start < self.model.next else { return }
    for last in [start, start.next, self.model.next + 5] {
      try await self.read(from: start, through: last)
    }
    try await self.read(from: start, through: self.model.next, byteLimit: 0)
  }
}
