internal import Raft

/// What stores must still hold after the power was cut, at whatever moment.
///
/// For stores of a ``CrashingStoreFactory``. Each case lives one short life; its stores are never
/// cut themselves, but at every report and after every call the case keeps what a cut would have
/// left then. Whatever was reported as durable must be in it; of the rest, the first writes and no
/// others may be.
public enum PowerCutSuite {
  /// The cases.
  public static let cases: [StoreCase] = writes + removals + snapshots + histories

  private static func rule(
    _ name: String, contract: String, leaving use: StoreBench.Use = .stores,
    body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(name, contract: contract, retention: .acrossReopening, trial: .powerCut) { bench in
      try bench.cutEverywhere()
      try await body(bench)
      try await bench.expectRemains(use)
    }
  }

  private static let durable = "what was reported as durable is there after a crash"
  private static let ordered =
    "what a call wrote becomes durable together with, or after, everything written before it"

  private static let writes: [StoreCase] = [
    rule("A vote that is reported outlives a power cut", contract: durable) { bench in
      for term in 1...4 {
        let vote = Vote(leader: LeaderID(term: Term(UInt64(term)), node: 2), isCommitted: false)
        bench.save(vote)
        try await bench.settle()
        bench.save(vote.committed)
        try await bench.settle()
      }
    },
    rule("The cluster, once reported, outlives a power cut", contract: durable) { bench in
      bench.adopt(ClusterID(high: 3, low: 4, generation: 5))
      try await bench.settle()
      bench.append(count: 2)
      try await bench.settle()
    },
    rule("Entries that are reported outlive a power cut", contract: durable) { bench in
      for byteCounts in [[0], [16, 16], [5000], [1, 0, 9000, 3], [200_000], [7]] {
        bench.append(byteCounts: byteCounts)
        try await bench.settle()
      }
    },
    rule(
      "What is written without waiting is kept from its beginning on, or not at all",
      contract: ordered
    ) { bench in
      for round in 1...12 {
        bench.leader = LeaderID(term: Term(UInt64(round)), node: 1)
        bench.save(Vote(leader: bench.leader, isCommitted: true))
        bench.append(.blank)
        bench.append(count: round)
      }
    },
    rule("Entries of every kind are whole after a power cut, or absent", contract: durable) {
      bench in
      bench.append(Memberships.joint)
      bench.append(.blank)
      bench.append(.session, byteCount: 4)
      bench.append(.recovery, byteCount: 5)
      bench.append(.withheld)
      try await bench.settle()
      bench.append(Memberships.dropping)
      bench.append(.command, byteCount: 40)
    },
  ]

  private static let removals: [StoreCase] = [
    rule(
      "Entries that were cut off do not come back behind a reported write", contract: ordered
    ) { bench in
      for term in 1...5 {
        bench.leader = LeaderID(term: Term(UInt64(term)), node: 1)
        bench.append(count: 8)
        try await bench.settle()
        bench.truncate(after: LogIndex(UInt64(term)))
        bench.leader = LeaderID(term: Term(UInt64(term)), node: 2)
        bench.append(count: 2)
        try await bench.settle()
      }
    },
    rule("A purge takes nothing else along when the power is cut", contract: ordered) { bench in
      bench.adopt(ClusterID(high: 1, low: 2))
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      for round in 0..<6 {
        bench.append(byteCounts: [900, 900, 900, 900])
        bench.note(committed: LogIndex(UInt64(round * 4 + 2)))
        try await bench.settle()
        bench.purge(through: LogIndex(UInt64(round * 4 + 1)))
        bench.append(count: 1)
        bench.truncate(after: bench.model.last.flatMap(\.index.previous))
      }
    },
    rule("A purge beyond the end is whole after a power cut", contract: ordered) { bench in
      bench.append(count: 5)
      bench.purge(throughPosition: LogID(term: 4, node: 2, index: 50))
      bench.leader = LeaderID(term: 5, node: 1)
      bench.append(count: 2)
      try await bench.settle()
    },
  ]

  private static let snapshots: [StoreCase] = [
    rule(
      "A snapshot that was committed outlives a power cut, and no other is seen in part",
      contract: "commit makes the snapshot durable; it becomes visible as a whole or not at all"
    ) { bench in
      for index in [10, 20, 30] as [LogIndex] {
        let content = StoreBench.content(70_000, seed: index.rawValue)
        try await bench.store(
          StoreBench.meta(at: index), pieces: StoreBench.pieces(content, [30_000, 1]))
      }
    },
    rule(
      "A node starts whenever the power is cut while its log is compacted",
      contract: "what is purged from the log is in the newest snapshot, over any crash",
      leaving: .node
    ) { bench in
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      bench.append(Memberships.simple)
      for _ in 0..<5 {
        bench.append(byteCounts: [700, 10, 700, 10])
        let last = bench.model.next.rawValue - 1
        bench.note(committed: LogIndex(last))
        try await bench.storeSnapshot(at: bench.model.entry(LogIndex(last - 1)).logID)
        bench.purge(through: LogIndex(last - 2))
        bench.append(count: 1)
        try await bench.settle()
      }
    },
  ]

  private static let histories: [StoreCase] = [
    rule("A mixed history is kept from its beginning on, wherever it is cut", contract: ordered) {
      bench in
      var history = MixedHistory(seed: 3)
      for round in 0..<8 {
        if round == 2 { bench.adopt(ClusterID(high: 7, low: 8)) }
        history.write(6, on: bench)
        if round % 2 == 0 { try await bench.settle() }
      }
    }
  ]
}
