internal import Raft

/// What a node must find in its stores when it starts, whatever happened before.
public enum RecoverySuite {
  /// The cases.
  public static let cases: [StoreCase] = state + memberships + agreement

  private static func rule(
    _ name: String, contract: String,
    body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(name, contract: contract, retention: .acrossReopening, body: body)
  }

  private static let stored = "a node starts with what its stores say"

  private static let state: [StoreCase] = [
    rule("A node over fresh stores knows nothing", contract: stored) { bench in
      try await bench.expectRecovery()
    },
    rule("A node finds its vote, its cluster and its log", contract: stored) { bench in
      bench.adopt(ClusterID(high: 1, low: 2, generation: 3))
      bench.leader = LeaderID(term: 4, node: 2)
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      bench.append(.blank)
      bench.append(count: 9)
      try await bench.expectRecovery()
      bench.save(Vote(leader: LeaderID(term: 5, node: 1), isCommitted: false))
      try await bench.expectRecovery()
    },
    rule("A node finds who wrote which entries", contract: stored) { bench in
      for count in [1, 1, 2, 7, 1, 64, 3] {
        bench.leader = LeaderID(term: bench.leader.term.next, node: 1)
        for _ in 0..<count { bench.append(count: 1 + count / 5) }
        try await bench.expectRecovery()
      }
      bench.truncate(after: 12)
      bench.leader = LeaderID(term: bench.leader.term.next, node: 3)
      bench.append(count: 4)
      try await bench.expectRecovery()
      // Where a leadership begins, within one, and at its end.
      for index in [0, 3, 8, 12, 15, 16] as [LogIndex] {
        let logID = bench.model.entry(index).logID
        try await bench.storeSnapshot(at: logID)
        bench.purge(through: index)
        try await bench.expectRecovery(committed: logID, applied: logID)
      }
    },
    rule(
      "A node takes up what was noted as committed",
      contract: "the watermark tells a node at its next start how far the log is committed"
    ) { bench in
      bench.append(count: 10)
      let noted = bench.model.entry(7).logID
      bench.note(committed: 7)
      bench.append(count: 2)
      try await bench.expectRecovery(committed: noted)
      let before = bench.model.entry(3).logID
      try await bench.storeSnapshot(at: before)
      try await bench.expectRecovery(committed: noted, applied: before)
      let behind = bench.model.entry(9).logID
      try await bench.storeSnapshot(at: behind)
      try await bench.expectRecovery(committed: behind, applied: behind)
    },
  ]

  private static let lastTwo =
    "the last membership in the log is effective, and the one before it is committed"

  private static let memberships: [StoreCase] = [
    rule("A node without a snapshot takes its memberships from the log", contract: lastTwo) {
      bench in
      let first = bench.appendLogged(Memberships.simple)
      bench.append(count: 5)
      try await bench.expectRecovery(membership: .init(effective: first))
      let second = bench.appendLogged(Memberships.joint)
      try await bench.expectRecovery(membership: .init(committed: first, effective: second))
      bench.append(count: 5)
      let third = bench.appendLogged(Memberships.dropping)
      try await bench.expectRecovery(membership: .init(committed: second, effective: third))
    },
    rule("A node finds memberships that lie far back in the log", contract: lastTwo) { bench in
      _ = bench.appendLogged(Memberships.same)
      let first = bench.appendLogged(Memberships.joint)
      for _ in 0..<130 { bench.append(byteCounts: [5000, 5000]) }
      let second = bench.appendLogged(Memberships.simple)
      for _ in 0..<130 { bench.append(count: 1) }
      try await bench.expectRecovery(membership: .init(committed: first, effective: second))
    },
    rule(
      "A node with a snapshot and no entries takes its membership from the snapshot",
      contract: "a snapshot contains the last membership at or before its end"
    ) { bench in
      let logID = LogID(term: 6, node: 2, index: 40)
      let logged = LoggedMembership(
        logID: LogID(term: 6, node: 1, index: 33), membership: Memberships.joint)
      try await bench.storeSnapshot(at: logID, logged)
      bench.purge(throughPosition: logID)
      try await bench.expectRecovery(
        committed: logID, applied: logID,
        membership: .init(committed: logged, effective: logged))
    },
    rule(
      "Memberships that the snapshot contains are taken from it alone",
      contract: "a snapshot contains the last membership at or before its end"
    ) { bench in
      _ = bench.appendLogged(Memberships.simple)
      bench.append(count: 2)
      let logged = bench.appendLogged(Memberships.joint)
      bench.append(count: 4)
      let logID = bench.model.entry(5).logID
      try await bench.storeSnapshot(at: logID, logged)
      try await bench.expectRecovery(
        committed: logID, applied: logID,
        membership: .init(committed: logged, effective: logged))
    },
    rule("Memberships behind the snapshot follow the one it contains", contract: lastTwo) {
      bench in
      let first = bench.appendLogged(Memberships.simple)
      bench.append(count: 4)
      let logID = bench.model.entry(2).logID
      try await bench.storeSnapshot(at: logID, first)
      let second = bench.appendLogged(Memberships.joint)
      try await bench.expectRecovery(
        committed: logID, applied: logID,
        membership: .init(committed: first, effective: second))
      bench.append(count: 4)
      let third = bench.appendLogged(Memberships.dropping)
      try await bench.expectRecovery(
        committed: logID, applied: logID,
        membership: .init(committed: second, effective: third))
    },
  ]

  private static let crash = "a crash may come between a snapshot and the purge behind it"

  private static let agreement: [StoreCase] = [
    rule("A log that goes on behind the snapshot is kept", contract: crash) { bench in
      bench.append(count: 10)
      bench.append(count: 10)
      let logID = bench.model.entry(13).logID
      try await bench.storeSnapshot(at: logID)
      try await bench.expectRecovery(committed: logID, applied: logID)
      bench.purge(through: 5)
      try await bench.expectRecovery(committed: logID, applied: logID)
    },
    rule("A log that ends before the snapshot is purged through it", contract: crash) { bench in
      bench.append(count: 10)
      let logID = LogID(term: 3, node: 2, index: 20)
      try await bench.storeSnapshot(at: logID)
      bench.model.purge(through: logID)
      try await bench.expectRecovery(committed: logID, applied: logID)
      bench.leader = LeaderID(term: 3, node: 2)
      bench.append(count: 3)
      try await bench.expectRecovery(committed: logID, applied: logID)
    },
    rule("Entries that contradict the snapshot are removed", contract: crash) { bench in
      bench.append(count: 10)
      let logID = LogID(term: 3, node: 2, index: 5)
      try await bench.storeSnapshot(at: logID)
      bench.model.truncate(after: nil)
      bench.model.purge(through: logID)
      try await bench.expectRecovery(committed: logID, applied: logID)
      bench.leader = LeaderID(term: 3, node: 2)
      bench.append(count: 3)
      try await bench.expectRecovery(committed: logID, applied: logID)
    },
    rule(
      "A purged log without a snapshot is refused",
      contract: "what is purged from the log is in the newest snapshot"
    ) { bench in
      bench.append(count: 10)
      bench.purge(through: 4)
      try await bench.expectRefusal()
    },
    rule(
      "A log that is purged beyond the newest snapshot is refused",
      contract: "what is purged from the log is in the newest snapshot"
    ) { bench in
      bench.append(count: 10)
      try await bench.storeSnapshot(at: bench.model.entry(4).logID)
      bench.purge(through: 5)
      try await bench.expectRefusal()
    },
  ]
}
