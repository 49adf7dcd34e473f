internal import Raft
import RaftConcurrency
internal import RaftMemoryStore

extension LogStoreSuite {
  /// Many things, one after the other or side by side.
  static let histories: [StoreCase] = [
    StoreCase(
      "Reads beside appends give whole and unmixed entries",
      contract: "a write is readable as soon as the call returns; reads may be under way then"
    ) { bench in
      try await Self.readBesideAppends(bench)
    },
    StoreCase(
      "A long mixed history reads like its model",
      contract: "all writes form one ordered sequence; an entry is read as it was appended"
    ) { bench in
      var history = MixedHistory(seed: 1)
      for _ in 0..<12 {
        history.write(25, on: bench)
        try await bench.expectContents()
        try await bench.settle()
      }
      try bench.completions.expectOnce()
    },
  ]

  private static func readBesideAppends(_ bench: StoreBench) async throws {
    bench.append(count: 3)
    let end = Guarded<LogIndex>(bench.model.next)
    let log = bench.log
    let leader = bench.leader
    try await withThrowingTaskGroup(of: Void.self) { group in
      for reader in 0..<3 {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(reader))
          for _ in 0..<100 {
            let end = end.withLock { $0.rawValue }
            let first = LogIndex(UInt64.random(in: 0..<end, using: &generator))
            try await Self.read(log, from: first, by: leader)
            await Task.yield()
          }
        }
      }
      for round in 0..<300 {
        bench.append(
          byteCounts: (0...(round % 4)).map { Self.byteCount(at: bench.model.next + $0) })
        end.withLock { $0 = bench.model.next }
        await Task.yield()
      }
      try await group.waitForAll()
    }
    try await bench.expectContents()
  }

  /// One read, held against what the entries must be.
  private static func read(
    _ log: any LogStore, from first: LogIndex, by leader: LeaderID
  ) async throws {
    let last = first + 20
    let slices = try await log.entries(from: first, through: last, byteLimit: StoreBench.ample)
    try StoreBench.expectOrder(of: slices, from: first, through: last)
    for entry in slices.lazy.flatMap(ModelEntry.list) {
      let logID = LogID(leader: leader, index: entry.logID.index)
      try expect(entry.logID, is: logID, "position of entry \(logID.index)")
      let byteCount = logID.index < 3 ? 16 : Self.byteCount(at: logID.index)
      guard entry.payload.elementsEqual(EntryMaking.payload(of: logID, byteCount: byteCount))
      else {
        throw Deviation(
          expected: "the payload that entry \(logID) was appended with", found: "another one")
      }
    }
  }

  private static func byteCount(at index: LogIndex) -> Int {
    Int(index.rawValue % 37)
  }
}
