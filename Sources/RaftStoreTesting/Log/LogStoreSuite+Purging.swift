internal import Raft

extension LogStoreSuite {
  private static let gone =
    "purge removes all entries through the position; a read that begins there is missing"

  /// Forgetting entries at the beginning.
  static let purging: [StoreCase] = [
    StoreCase("A purge through the first entry removes it alone", contract: gone) { bench in
      bench.append(count: 10)
      bench.purge(through: 0)
      try await bench.expectContents()
      try await bench.expectMissing(0, because: "it is purged")
    },
    StoreCase("A purge cuts within a chunk", contract: gone) { bench in
      bench.append(count: 10)
      bench.append(count: 10)
      bench.purge(through: 5)
      try await bench.expectContents()
      bench.purge(through: 12)
      try await bench.expectContents()
      try await bench.expectMissing(3, because: "it is purged")
    },
    StoreCase("A purge cuts between chunks", contract: gone) { bench in
      for _ in 0..<3 { bench.append(count: 10) }
      bench.purge(through: 9)
      try await bench.expectContents()
    },
    StoreCase(
      "A purge through the last entry leaves an empty log that continues behind it",
      contract: "purge removes all entries through the position"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 9)
      try await bench.expectContents()
      bench.append(count: 4)
      try await bench.expectContents()
    },
    StoreCase(
      "A purge beyond the end leaves an empty log that continues behind it",
      contract: "if the purged position lies beyond the end, the log continues behind it"
    ) { bench in
      bench.append(count: 10)
      bench.purge(throughPosition: LogID(term: 4, node: 2, index: 20))
      try await bench.expectContents()
      bench.leader = LeaderID(term: 5, node: 1)
      bench.append(count: 4)
      bench.append(count: 4)
      try await bench.expectContents()
      try await bench.expectMissing(15, because: "it is purged")
    },
    StoreCase(
      "A purge of an empty log lets it begin behind the position",
      contract: "if the purged position lies beyond the end, the log continues behind it"
    ) { bench in
      bench.purge(throughPosition: LogID(term: 2, node: 2, index: 41))
      try await bench.expectContents()
      bench.leader = LeaderID(term: 2, node: 2)
      bench.append(count: 4)
      try await bench.expectContents()
    },
    StoreCase("Purges one after the other add up", contract: gone) { bench in
      for _ in 0..<20 { bench.append(count: 5) }
      for index in [0, 1, 7, 19, 20, 54, 97] as [LogIndex] {
        bench.purge(through: index)
        try await bench.expectContents()
      }
    },
    StoreCase(
      "A purged log goes on being read, cut and written",
      contract: "a write is readable as soon as the call returns"
    ) { bench in
      bench.append(count: 30)
      bench.purge(through: 9)
      bench.append(count: 5)
      bench.truncate(after: 21)
      bench.leader = LeaderID(term: 2, node: 3)
      bench.append(count: 7)
      try await bench.expectContents()
      bench.purge(through: 24)
      try await bench.expectContents()
    },
    StoreCase(
      "Indices far beyond 32 bits are kept",
      contract: "an index is a number of 64 bits"
    ) { bench in
      bench.purge(
        throughPosition: LogID(term: 7, node: 1, index: LogIndex((1 << 52) + 5)))
      bench.append(count: 6)
      try await bench.expectContents()
      bench.truncate(after: bench.model.start + 2)
      bench.purge(through: bench.model.start)
      try await bench.expectContents()
    },
  ]
}
