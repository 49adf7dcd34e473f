internal import Raft

/// What stores must still hold when they are opened again after they were closed.
public enum ReopenedStoreSuite {
  /// The cases.
  public static let cases: [StoreCase] = identity + extent + content + snapshots + compaction

  /// A case for stores that can be opened again.
  static func rule(
    _ name: String, contract: String,
    body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(name, contract: contract, retention: .acrossReopening, body: body)
  }

  private static let loading = "load says what the store holds"

  /// Vote, cluster, incarnation and watermark.
  private static let identity: [StoreCase] = [
    rule(
      "A store without writes is the same incarnation when it is opened again", contract: loading
    ) { bench in
      try await bench.reopen()
      try await bench.reopen()
    },
    rule("A saved vote is there after reopening", contract: loading) { bench in
      bench.save(Vote(leader: LeaderID(term: 3, node: 2), isCommitted: false))
      try await bench.reopen()
      bench.save(
        Vote(leader: LeaderID(term: Term(1 << 63 - 1), node: NodeID(.max)), isCommitted: true))
      try await bench.reopen()
    },
    rule(
      "The last of several votes is there after reopening",
      contract: "save stores the vote in place of the earlier one"
    ) { bench in
      for term in 1...5 {
        let vote = Vote(
          leader: LeaderID(term: Term(UInt64(term)), node: 2), isCommitted: false)
        bench.save(vote)
        bench.append(count: 2)
        bench.save(vote.committed)
      }
      try await bench.reopen()
      bench.save(Vote(leader: LeaderID(term: 6, node: 1), isCommitted: false))
      try await bench.reopen()
    },
    rule(
      "The cluster is there after reopening, with its generation",
      contract: "adopt binds the store to a cluster, for good"
    ) { bench in
      bench.adopt(ClusterID(high: .max, low: 1 << 63, generation: .max))
      try await bench.reopen()
      bench.append(count: 3)
      try await bench.reopen()
    },
    rule(
      "A later generation of the cluster is there after reopening",
      contract: "adopt takes a later generation of the same cluster in the place of the earlier one"
    ) { bench in
      bench.adopt(ClusterID(high: 8, low: 9))
      bench.append(count: 1)
      try await bench.reopen()
      for generation in [1, 2, .max] as [UInt32] {
        bench.adopt(ClusterID(high: 8, low: 9, generation: generation))
        try await bench.reopen()
      }
    },
    rule(
      "Vote, cluster and watermark outlive the entries that were purged around them",
      contract: "purge removes entries; what else the store holds stays"
    ) { bench in
      bench.adopt(ClusterID(high: 5, low: 6))
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      for _ in 0..<30 { bench.append(byteCounts: [5000, 5000]) }
      bench.note(committed: 59)
      bench.append(count: 1)
      bench.purge(through: 59)
      try await bench.reopen()
      bench.purge(through: 60)
      try await bench.reopen()
    },
    rule(
      "A watermark noted before a write is there after reopening",
      contract: "note tells how far the log is committed; it may be written with the next batch"
    ) { bench in
      bench.append(count: 10)
      bench.note(committed: 4)
      bench.note(committed: 7)
      bench.append(count: 2)
      try await bench.reopen()
    },
    rule(
      "A watermark without a write behind it is there, or an earlier one",
      contract: "the watermark may lag, and is never ahead of what was noted"
    ) { bench in
      bench.append(count: 10)
      bench.note(committed: 4)
      bench.append(count: 2)
      bench.note(committed: 9)
      try await bench.reopen()
      try await bench.reopen()
    },
  ]

  /// Snapshots after reopening.
  private static let snapshots: [StoreCase] = [
    rule("No snapshot is there after reopening if none was", contract: "latest may be nil") {
      bench in
      try await bench.reopen()
      try await bench.expectNoSnapshot()
    },
    rule(
      "A committed snapshot is there after reopening, with all that belongs to it",
      contract: "commit makes the snapshot durable"
    ) { bench in
      let content = StoreBench.content(1_000_001, seed: 3)
      let meta = SnapshotMeta(
        lastLogID: LogID(term: 8, node: 3, index: 70),
        membership: LoggedMembership(
          logID: LogID(term: 6, node: 2, index: 66), membership: Memberships.joint),
        timestamp: Timestamp(nanoseconds: .max), form: .handle)
      let stored = try await bench.store(meta, pieces: StoreBench.pieces(content, [65_536, 3]))
      try await bench.reopen()
      let latest = try await bench.expectLatest(meta, content: content)
      try expect(latest.meta.contentHash, is: stored.meta.contentHash, "hash of the snapshot")
    },
    rule(
      "An empty snapshot is there after reopening", contract: "commit makes the snapshot durable"
    ) { bench in
      try await bench.store(StoreBench.meta(at: 3), pieces: [])
      try await bench.reopen()
      try await bench.expectLatest(StoreBench.meta(at: 3), content: [])
    },
    rule(
      "The newest of several snapshots is there after reopening",
      contract: "commit makes the snapshot durable and the newest one of its store"
    ) { bench in
      for index in [10, 30, 20] as [LogIndex] {
        try await bench.store(
          StoreBench.meta(at: index),
          pieces: [StoreBench.content(400, seed: index.rawValue)])
      }
      try await bench.reopen()
      try await bench.expectLatest(
        StoreBench.meta(at: 30), content: StoreBench.content(400, seed: 30))
    },
    rule(
      "A snapshot that was not committed is not there after reopening",
      contract: "a snapshot becomes visible as a whole or not at all"
    ) { bench in
      let content = StoreBench.content(400, seed: 1)
      let abandoned = try await bench.snapshots.begin(StoreBench.meta(at: 30))
      try await abandoned.write(content)
      await abandoned.abandon()
      let unfinished = try await bench.snapshots.begin(StoreBench.meta(at: 40))
      try await unfinished.write(content)
      try await bench.reopen()
      try await bench.expectNoSnapshot()
      try await bench.store(StoreBench.meta(at: 10), pieces: [content])
      try await bench.reopen()
      try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
    },
  ]
}
