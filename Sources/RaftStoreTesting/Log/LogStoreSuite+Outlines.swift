internal import Raft

extension LogStoreSuite {
  /// What a start is told of the log without reading it.
  static let outlines: [StoreCase] = [
    rule("An outline names who wrote which entries") { bench in
      for term in 1...6 as ClosedRange<UInt64> {
        bench.leader = LeaderID(term: Term(term), node: NodeID(term % 3))
        bench.append(.blank)
        bench.append(count: Int(term))
        bench.appendEach(count: 3)
      }
    },
    rule("An outline has every membership that is left, and no other") { bench in
      bench.append(Memberships.simple)
      bench.append(count: 5)
      bench.append(Memberships.joint)
      bench.append(Memberships.dropping)
      bench.truncate(after: bench.model.last?.index.previous)
      bench.append(count: 300)
      try await bench.settle()
      bench.purge(through: 2)
    },
    rule("An outline tells the log of a witness from that of a replica") { bench in
      bench.append(Memberships.simple)
      bench.append(.withheld)
      bench.append(.blank)
    },
    rule("An outline follows truncations and purges, durable or not") { bench in
      for round in 1...8 as ClosedRange<UInt64> {
        bench.leader = LeaderID(term: Term(round), node: 1)
        bench.append(byteCounts: [900, 900, 900, 10])
        try await bench.expectOutline()
        bench.truncate(after: bench.model.last?.index.previous?.previous)
        bench.leader = LeaderID(term: Term(round), node: 2)
        bench.append(Memberships.joint)
        try await bench.expectOutline()
        bench.purge(through: bench.model.start + 1)
        bench.append(count: 2)
        if round % 2 == 0 { try await bench.settle() }
        try await bench.expectOutline()
      }
    },
    rule("The outline of a long mixed history is that of its entries") { bench in
      var history = MixedHistory(seed: 9)
      for _ in 0..<12 {
        history.write(25, on: bench)
        try await bench.settle()
        try await bench.expectOutline()
      }
    },
  ]

  private static func rule(
    _ name: String, body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(
      name, contract: "outline says what a start must know of the entries, payloads aside"
    ) { bench in
      try await body(bench)
      try await bench.expectOutline()
    }
  }
}

extension StoreBench {
  /// Expects the outlines of the log, and of its later half, to be those of the model's entries.
  func expectOutline() async throws {
    guard let last = self.model.last?.index, !self.model.entries.isEmpty else { return }
    let middle = self.model.start + self.model.entries.count / 2
    for first in Set([self.model.start, middle]) {
      let found = try await self.log.outline(from: first, through: last)
      let entries = self.model.entries.filter { $0.logID.index >= first }
      var expected = LogOutline()
      for entry in entries {
        expected.append(
          EntryRun(
            leader: entry.logID.leader, first: entry.logID.index, count: 1,
            byteCount: entry.payload.count, kind: entry.kind, timestamp: entry.timestamp,
            membership: entry.membership))
      }
      try expect(described(found.stretches), is: described(expected.stretches), "who wrote what")
      try expect(
        found.memberships.map { "\($0)" }, is: expected.memberships.map { "\($0)" },
        "memberships from entry \(first) on")
      // In these histories timestamps go back, as they never do in a cluster.
      let latest = entries[entries.count - 1].timestamp...expected.timestamp
      try expect(
        latest.contains(found.timestamp), is: true, "a timestamp in \(latest) (\(found.timestamp))")
      try expect(
        found.kinds.isSubset(of: expected.kinds), is: true,
        "only kinds that are there (\(expected.kinds), not \(found.kinds))")
      let telling: Set<EntryKind> = [.command, .withheld]
      try expect(
        found.kinds.isDisjoint(with: telling), is: expected.kinds.isDisjoint(with: telling),
        "no word of commands, nor of withheld ones, from entry \(first) on")
    }
  }

  private func described(_ stretches: [LogOutline.Stretch]) -> [String] {
    stretches.map { "\($0.leader) \($0.first)...\($0.last)" }
  }
}
