internal import Raft
import RaftConcurrency
internal import RaftMemoryStore

extension LogStoreSuite {
  private static let beside =
    "reads run beside writes: each gives entries that were in the log while it ran, in order"

  /// Readers while the log is cut and purged.
  static let readers: [StoreCase] = [
    StoreCase(
      "A read after a truncation gives nothing that was read before it",
      contract: "truncate removes all entries after the position; an append follows"
    ) { bench in
      bench.append(count: 12)
      try await bench.expectContents()
      for term in 2...6 {
        bench.truncate(after: 3)
        try await bench.expectContents()
        bench.leader = LeaderID(term: Term(UInt64(term)), node: 1)
        bench.append(count: 12 - term)
        try await bench.expectContents()
      }
    },
    StoreCase("Reads beside truncations give no entry that was cut off before", contract: beside) {
      bench in
      try await Self.readBeside(bench, rounds: 150) { round in
        bench.leader = LeaderID(term: Term(UInt64(round + 2)), node: 1)
        if round % 3 == 2 {
          let index = max(bench.model.start.rawValue, bench.model.next.rawValue - 4)
          bench.truncate(after: LogIndex(index))
        }
        bench.append(byteCounts: [round % 50, 30, 0])
      }
    },
    StoreCase(
      "Reads beside purges give whole entries, or say that they are missing", contract: beside
    ) { bench in
      try await Self.readBeside(bench, rounds: 150) { round in
        bench.append(byteCounts: [round % 50, 300])
        if round % 4 == 3 { bench.purge(through: bench.model.next.advanced(by: -5)) }
      }
    },
  ]

  /// What readers know of the log: what it held when the last write had returned.
  private struct Standing: Sendable {
    var model: LogModel
    /// Even while no write is under way.
    var version = 0
  }

  /// Writes round after round while others read, and holds their reads against the model.
  private static func readBeside(
    _ bench: StoreBench, rounds: Int, write: (Int) -> Void
  ) async throws {
    bench.append(byteCounts: [8, 8, 8, 8, 8, 8])
    let standing = Guarded(Standing(model: bench.model))
    let log = bench.log
    try await withThrowingTaskGroup(of: Void.self) { group in
      for reader in 0..<3 {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(reader))
          for _ in 0..<rounds {
            try await Self.read(log, beside: standing, &generator)
            await Task.yield()
          }
        }
      }
      for round in 0..<rounds {
        standing.withLock { $0.version += 1 }
        write(round)
        let model = bench.model
        standing.withLock { standing in
          standing.version += 1
          standing.model = model
        }
        await Task.yield()
      }
      try await group.waitForAll()
    }
    try await bench.expectContents()
  }

  private static func read(
    _ log: any LogStore, beside standing: Guarded<Standing>, _ generator: inout SeededGenerator
  ) async throws {
    let before = standing.withLock { $0 }
    let range = before.model.start.rawValue..<before.model.next.rawValue
    guard !range.isEmpty else { return }
    let first = LogIndex(UInt64.random(in: range, using: &generator))
    let last = first + 9
    let slices: [EntrySlice]
    do throws(StorageError) {
      slices = try await log.entries(from: first, through: last, byteLimit: StoreBench.ample)
    } catch {
      let isQuiet = before.version % 2 == 0 && standing.withLock { $0.version } == before.version
      guard error.kind == .missing, !isQuiet else {
        throw Deviation(
          expected: "entry \(first), or the error \"missing\" if it was removed", error: error)
      }
      return
    }
    try StoreBench.expectOrder(of: slices, from: first, through: last)
    let found = slices.flatMap(ModelEntry.list)
    for entry in found {
      let payload = EntryMaking.payload(of: entry.logID, byteCount: entry.payload.count)
      guard entry.payload.elementsEqual(payload) else {
        throw Deviation(
          expected: "the payload that entry \(entry.logID) was appended with", found: "another one")
      }
    }
    // Nothing was written meanwhile, so there is but one answer.
    guard before.version % 2 == 0, standing.withLock({ $0.version }) == before.version else {
      return
    }
    for entry in found {
      guard entry.logID.index < before.model.next else {
        throw Deviation(
          expected: "no entry \(entry.logID.index): it was cut off", found: "entry \(entry.logID)")
      }
      try before.model.entry(entry.logID.index).expectSame(entry)
    }
  }
}
