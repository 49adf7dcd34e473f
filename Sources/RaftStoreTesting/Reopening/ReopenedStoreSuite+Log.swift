internal import Raft

extension ReopenedStoreSuite {
  private static let stated = "load says the last position purged and the last one in the log"

  /// How far the log reaches after reopening.
  static let extent: [StoreCase] = [
    rule("A log of entries alone states its end", contract: stated) { bench in
      bench.append(count: 1)
      try await bench.reopen()
      bench.append(count: 9)
      try await bench.reopen()
    },
    rule("A log purged through its first entry states both ends", contract: stated) { bench in
      bench.append(count: 10)
      bench.purge(through: 0)
      try await bench.reopen()
    },
    rule("A log purged in the middle states both ends", contract: stated) { bench in
      bench.append(count: 10)
      bench.append(count: 10)
      bench.purge(through: 13)
      try await bench.reopen()
      bench.purge(through: 14)
      try await bench.reopen()
    },
    rule(
      "A log purged through its end states that end twice",
      contract: "the last position is the same as the purged one if no entry is left"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 9)
      try await bench.reopen()
      bench.append(count: 3)
      try await bench.reopen()
    },
    rule(
      "A log purged beyond its end states that position twice, and continues behind it",
      contract: "if the purged position lies beyond the end, the log continues behind it"
    ) { bench in
      bench.append(count: 10)
      bench.purge(throughPosition: LogID(term: 4, node: 2, index: 20))
      try await bench.reopen()
      bench.leader = LeaderID(term: 5, node: 1)
      bench.append(count: 3)
      try await bench.reopen()
    },
    rule(
      "An empty log that was purged states the position",
      contract: "if the purged position lies beyond the end, the log continues behind it"
    ) { bench in
      bench.purge(throughPosition: LogID(term: 4, node: 2, index: LogIndex(1 << 40)))
      try await bench.reopen()
      bench.leader = LeaderID(term: 4, node: 2)
      bench.append(count: 2)
      try await bench.reopen()
    },
    rule(
      "A log that was cut states the entry that was kept last",
      contract: "truncate removes all entries after the position, which is kept"
    ) { bench in
      bench.append(count: 10)
      bench.append(count: 10)
      for index in [19, 16, 9, 5, 0] as [LogIndex] {
        bench.truncate(after: index)
        try await bench.reopen()
      }
      bench.truncate(after: nil)
      try await bench.reopen()
    },
    rule(
      "A log that was cut at its purged position states that position twice",
      contract: "truncate removes all entries after the position, which is kept"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 6)
      bench.truncate(after: 6)
      try await bench.reopen()
      bench.append(count: 4)
      bench.truncate(after: nil)
      try await bench.reopen()
    },
  ]

  private static let same = "an entry is read as it was appended"

  /// What the entries are after reopening.
  static let content: [StoreCase] = [
    rule(
      "Entries that were cut off do not come back by reopening",
      contract: "truncate removes all entries after the position; an append follows"
    ) { bench in
      bench.append(count: 20)
      bench.truncate(after: 4)
      bench.leader = LeaderID(term: 2, node: 1)
      bench.append(count: 2)
      try await bench.reopen()
      bench.truncate(after: 5)
      bench.leader = LeaderID(term: 3, node: 1)
      bench.append(count: 1)
      try await bench.reopen()
    },
    rule("Entries that were purged do not come back by reopening", contract: stated) { bench in
      for _ in 0..<10 { bench.append(count: 5) }
      for index in [3, 4, 5, 30, 44] as [LogIndex] {
        bench.purge(through: index)
        bench.append(count: 1)
        try await bench.reopen()
      }
    },
    rule("Kinds, timestamps and memberships are the same after reopening", contract: same) {
      bench in
      bench.append(Memberships.joint)
      bench.append(.blank, at: .epoch)
      bench.append(.session, byteCount: 4)
      bench.append(.withheld)
      bench.append(.recovery, byteCount: 5, at: Timestamp(nanoseconds: .max))
      bench.append(Memberships.dropping)
      bench.append(Memberships.same)
      bench.leader = LeaderID(term: Term(1 << 63 - 1), node: NodeID(.max))
      bench.append(byteCounts: [0, 3, 0])
      try await bench.reopen()
    },
    rule("Payloads of every size are the same after reopening", contract: same) { bench in
      for exponent in 0..<14 {
        bench.append(byteCounts: [(1 << exponent) - 1, 1 << exponent, (1 << exponent) + 1])
      }
      bench.append(byteCounts: [3_000_001])
      bench.append(byteCounts: [0])
      try await bench.reopen()
    },
    rule("Many small appends are the same after reopening", contract: same) { bench in
      for _ in 0..<1000 { bench.append(byteCounts: [8]) }
      try await bench.reopen()
    },
    rule(
      "A reopened log is cut and purged within what it found",
      contract: "a write is readable as soon as the call returns"
    ) { bench in
      bench.append(count: 30)
      try await bench.reopen()
      bench.truncate(after: 17)
      bench.purge(through: 3)
      try await bench.expectContents()
      bench.leader = LeaderID(term: 2, node: 2)
      bench.append(count: 5)
      try await bench.expectContents()
      try await bench.reopen()
    },
    rule(
      "A long mixed history is the same after each reopening",
      contract: "what a call wrote becomes durable together with, or after, all before it"
    ) { bench in
      var history = MixedHistory(seed: 2)
      for round in 0..<12 {
        if round == 3 { bench.adopt(ClusterID(high: 7, low: 8)) }
        history.write(20, on: bench)
        try await bench.reopen()
      }
      try bench.completions.expectOnce()
    },
  ]
}
