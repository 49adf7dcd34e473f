internal import Raft

extension LogStoreSuite {
  private static let cut = "truncate removes all entries after the position, which is kept"

  /// Cutting entries off the end.
  static let truncation: [StoreCase] = [
    StoreCase("Truncation after the last entry removes nothing", contract: cut) { bench in
      bench.append(count: 10)
      bench.truncate(after: 9)
      try await bench.expectContents()
    },
    StoreCase("Truncation after a position beyond the end removes nothing", contract: cut) {
      bench in
      bench.append(count: 10)
      bench.truncate(afterPosition: LogID(leader: bench.leader, index: 11))
      try await bench.expectContents()
      bench.append(count: 1)
      try await bench.expectContents()
    },
    StoreCase("Truncation keeps the entry it names and none behind it", contract: cut) { bench in
      bench.appendEach(count: 10)
      bench.truncate(after: 5)
      try await bench.expectContents()
    },
    StoreCase("Truncation after the first entry leaves that entry", contract: cut) { bench in
      bench.appendEach(count: 4)
      bench.append(count: 6)
      bench.truncate(after: 0)
      try await bench.expectContents()
    },
    StoreCase(
      "Truncation after nothing empties the log",
      contract: "truncate without a position removes all entries there are"
    ) { bench in
      bench.append(count: 10)
      bench.truncate(after: nil)
      try await bench.expectContents()
      bench.leader = LeaderID(term: 2, node: 2)
      bench.append(count: 2)
      try await bench.expectContents()
    },
    StoreCase("Truncation cuts within a chunk", contract: cut) { bench in
      bench.append(count: 10)
      bench.append(count: 10)
      bench.truncate(after: 14)
      try await bench.expectContents()
      bench.truncate(after: 3)
      try await bench.expectContents()
    },
    StoreCase("Truncation cuts between chunks", contract: cut) { bench in
      for _ in 0..<3 { bench.append(count: 10) }
      bench.truncate(after: 19)
      try await bench.expectContents()
    },
    StoreCase(
      "Entries of another leader follow a truncation",
      contract: "append adds entries whose first index follows the last one in the store"
    ) { bench in
      bench.append(count: 10)
      bench.truncate(after: 4)
      bench.leader = LeaderID(term: 2, node: 3)
      bench.append(count: 10)
      try await bench.expectContents()
    },
    StoreCase(
      "Entries that were cut off do not come back behind fewer new ones",
      contract: "truncate removes all entries after the position; an append follows"
    ) { bench in
      bench.append(count: 20)
      bench.truncate(after: 4)
      bench.leader = LeaderID(term: 2, node: 1)
      bench.append(count: 2)
      try await bench.expectContents()
      bench.truncate(after: 5)
      try await bench.expectContents()
    },
    StoreCase(
      "Truncation after the purged position leaves an empty log that continues there",
      contract: "truncate removes all entries after the position, which is kept"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 4)
      bench.truncate(after: 4)
      try await bench.expectContents()
      bench.leader = LeaderID(term: 3, node: 1)
      bench.append(count: 3)
      try await bench.expectContents()
    },
    StoreCase(
      "Truncation after nothing keeps the purged position",
      contract: "truncate removes entries; what is purged stays purged"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 4)
      bench.truncate(after: nil)
      try await bench.expectContents()
      bench.append(count: 3)
      try await bench.expectContents()
    },
    StoreCase("Truncations one after the other add up", contract: cut) { bench in
      for round in 0..<12 {
        bench.leader = LeaderID(term: Term(UInt64(round + 1)), node: 1)
        bench.append(count: 5)
        bench.truncate(after: LogIndex(UInt64(round) * 2 + 1))
      }
      try await bench.expectContents()
    },
  ]
}
