internal import Raft

extension LogStoreSuite {
  private static let same = "an entry is read as it was appended"

  /// What entries look like when they come back.
  static let content: [StoreCase] = [
    StoreCase("Payloads keep every byte", contract: same) { bench in
      let bytes = (0...255).map { UInt8($0) } + Array(repeating: 0, count: 64)
      bench.append(
        EntrySlice(
          EntryChunk(
            run: EntryRun(
              leader: bench.leader, first: 0, count: 2, byteCount: 640, kind: .command,
              timestamp: .epoch),
            bytes: bytes + bytes.reversed(), ends: [320, 640])))
      try await bench.expectContents()
    },
    StoreCase("Empty payloads are entries like others", contract: same) { bench in
      bench.append(byteCounts: [0])
      bench.append(byteCounts: [0, 0, 0])
      bench.append(byteCounts: [5, 0, 0, 7, 0])
      try await bench.expectContents()
      bench.truncate(after: 6)
      bench.purge(through: 1)
      try await bench.expectContents()
    },
    StoreCase("A payload of several megabytes is kept", contract: same) { bench in
      bench.append(byteCounts: [10, 3_000_001, 10])
      bench.append(count: 2)
      try await bench.expectContents()
    },
    StoreCase("Payloads of every size side by side are kept", contract: same) { bench in
      var byteCounts: [Int] = []
      for exponent in 0..<14 {
        byteCounts += [(1 << exponent) - 1, 1 << exponent, (1 << exponent) + 1]
      }
      bench.append(byteCounts: byteCounts)
      for byteCount in byteCounts { bench.append(byteCounts: [byteCount]) }
      try await bench.expectContents()
    },
    StoreCase("Every kind of entry keeps its kind", contract: same) { bench in
      bench.append(.blank)
      bench.append(.command, byteCount: 3)
      bench.append(.session, byteCount: 4)
      bench.append(.recovery, byteCount: 5)
      bench.append(.withheld)
      bench.append(Memberships.simple)
      bench.append(.blank)
      try await bench.expectContents()
    },
    StoreCase("Timestamps keep their nanoseconds", contract: same) { bench in
      for nanoseconds in [0, 1, 1_700_000_000_123_456_789, 1 << 63, .max] as [UInt64] {
        bench.append(.command, byteCount: 1, at: Timestamp(nanoseconds: nanoseconds))
      }
      try await bench.expectContents()
    },
    StoreCase("Entries keep the round and the node of their leader", contract: same) { bench in
      for (term, node) in [(0, 0), (1, .max), (1 << 33, 1), (1 << 63 - 2, 2), (1 << 63 - 1, .max)]
        as [(UInt64, UInt64)]
      {
        bench.leader = LeaderID(term: Term(term), node: NodeID(node))
        bench.append(count: 2)
      }
      try await bench.expectContents()
    },
    StoreCase(
      "Membership entries keep their whole membership",
      contract: "an entry is read as it was appended; a membership entry carries its membership"
    ) { bench in
      for membership in [
        Memberships.simple, Memberships.joint, Memberships.dropping, Memberships.same,
      ] {
        bench.append(membership)
        bench.append(count: 2)
      }
      try await bench.expectContents()
      for index in [0, 3, 6, 9] as [LogIndex] {
        try await bench.read(from: index, through: index)
      }
    },
    StoreCase("Thousands of small appends are kept", contract: same) { bench in
      for _ in 0..<2000 { bench.append(byteCounts: [8]) }
      try await bench.expectContents()
      bench.truncate(after: 1500)
      bench.purge(through: 700)
      try await bench.expectContents()
    },
  ]
}
