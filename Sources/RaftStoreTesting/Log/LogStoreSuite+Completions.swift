internal import Raft

extension LogStoreSuite {
  private static let covered = "the completion is called once the write, or a later one, is durable"

  /// What a store says about the durability of its writes.
  static let completions: [StoreCase] = [
    StoreCase("A saved vote becomes durable", contract: covered) { bench in
      bench.save(Vote(leader: bench.leader, isCommitted: false))
      try await bench.settle()
    },
    StoreCase("A vote saved in place of another becomes durable", contract: covered) { bench in
      bench.save(Vote(leader: LeaderID(term: 1, node: 1), isCommitted: false))
      bench.save(Vote(leader: LeaderID(term: 1, node: 1), isCommitted: true))
      try await bench.settle()
      bench.save(Vote(leader: LeaderID(term: 2, node: 3), isCommitted: false))
      try await bench.settle()
    },
    StoreCase("Binding the store to a cluster becomes durable", contract: covered) { bench in
      bench.adopt(ClusterID(high: 1, low: 2))
      try await bench.settle()
    },
    StoreCase("Appended entries become durable, each time the caller waits", contract: covered) {
      bench in
      for _ in 0..<10 {
        bench.append(count: 2)
        try await bench.settle()
      }
    },
    StoreCase("The last of many writes becomes durable, and all before it", contract: covered) {
      bench in
      Self.writeMany(bench)
      try await bench.settle()
    },
    StoreCase(
      "No write is reported twice, and none that was durable on return",
      contract: "a completion is called at most once, and not at all for a write that returned"
        + " flushed"
    ) { bench in
      Self.writeMany(bench)
      try await bench.settle()
      bench.append(count: 3)
      await bench.close()
      try await bench.settle()
      try bench.completions.expectOnce()
    },
    StoreCase(
      "A watermark noted, a truncation or a purge hold up no later write", contract: covered
    ) { bench in
      bench.append(count: 10)
      bench.note(committed: 5)
      try await bench.settle()
      bench.truncate(after: 6)
      bench.append(count: 2)
      try await bench.settle()
      bench.purge(through: 5)
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      try await bench.settle()
      try await bench.expectContents()
    },
    StoreCase("Closing finishes the writes under way", contract: "close finishes all writes") {
      bench in
      Self.writeMany(bench)
      await bench.close()
      try await bench.settle()
    },
  ]

  /// Writes of every kind, without waiting.
  private static func writeMany(_ bench: StoreBench) {
    bench.adopt(ClusterID(high: 3, low: 4))
    for round in 0..<40 {
      bench.leader = LeaderID(term: Term(UInt64(round / 8 + 1)), node: 1)
      bench.save(Vote(leader: bench.leader, isCommitted: round % 8 > 3))
      bench.append(count: round % 5 + 1)
      if round % 7 == 6 {
        bench.truncate(after: bench.model.last.flatMap(\.index.previous))
      }
    }
  }
}
