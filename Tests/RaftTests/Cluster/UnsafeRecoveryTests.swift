import Raft
import RaftMemoryStore
import Testing

@Suite("A lost majority: one server's data is gone on with")
struct UnsafeRecoveryTests {
  private static let reason = "Ann: servers 2 and 3 burned"

  /// A look at the data of a stopped node.
  private static func examine(
    _ id: NodeID, in cluster: TestCluster
  ) async throws(UnsafeRecoveryError) -> UnsafeRecovery {
    try await UnsafeRecovery.examine(
      id, logStore: cluster.log(of: id), snapshotStore: cluster.snapshots(of: id))
  }

  /// Goes on with the data of a stopped node, and starts it.
  @discardableResult
  private static func recover(
    _ id: NodeID, in cluster: TestCluster
  ) async throws -> UnsafeRecovery.Record {
    let recovery = try await self.examine(id, in: cluster)
    let record = try await recovery.perform(
      acknowledging: .everythingAfterMayBeLost(recovery.lastLogID), reason: self.reason)
    try cluster.start(id)
    return record
  }

  private static func write(_ range: Range<UInt8>, to node: TestCluster.Node) async throws {
    for number in range { _ = try await node.write([number]) }
  }

  @Test("The survivor keeps all that it had, serves, tells what was done, and takes new members")
  func survivor() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = 20
    configuration.entriesKept = 0
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      try await Self.write(0..<30, to: leader)
      let last = try #require(leader.metrics.applied)
      try await cluster.node(1).wait(for: .applied(atLeast: last.index), within: TestCluster.limit)
      let before = try #require(cluster.node(1).metrics.cluster)
      await cluster.stopAll()

      let record = try await Self.recover(1, in: cluster)
      #expect(record.leftBehind == [2, 3])
      #expect(record.reason == Self.reason)
      let alone = try await cluster.leader(among: [1])
      #expect(
        alone.metrics.cluster
          == ClusterID(high: before.high, low: before.low, generation: before.generation + 1))
      #expect(alone.metrics.effectiveMembership.membership?.configurations == [[1]])
      #expect(alone.metrics.unsafeRecovery == record)
      #expect(try await alone.lines().map(\.command) == (0..<30).map { [$0] })
      try await Self.write(30..<60, to: alone)

      for id in [2, 3] as [NodeID] {
        try cluster.startAnew(id)
        try await alone.addVoter(TestCluster.member(id), within: TestCluster.limit)
      }
      let end = try await alone.write([60])
      for id in [2, 3] as [NodeID] {
        let metrics = try await cluster.node(id).wait(
          for: .applied(atLeast: end), within: TestCluster.limit)
        #expect(metrics.cluster == alone.metrics.cluster)
        #expect(metrics.unsafeRecovery == record)
        #expect(try await cluster.node(id).lines().map(\.command) == (0...60).map { [$0] })
      }
      // The new members are a majority without the survivor.
      await cluster.stop(1)
      let next = try await cluster.leader(among: [2, 3])
      _ = try await next.write([61])
    }
  }

  @Test("Those who were left behind go on among themselves, refused, and disturb nobody")
  func leftBehind() async throws {
    try await withCluster { cluster in
      let first = try await cluster.form([1, 2, 3])
      if first.id == 1 { try await first.transferLeadership(to: 2) }
      let old = try await cluster.leader(among: [2, 3])
      try await Self.write(0..<5, to: old)
      let last = try #require(old.metrics.applied)
      try await cluster.node(1).wait(for: .applied(atLeast: last.index), within: TestCluster.limit)
      let former = try #require(old.metrics.cluster)
      await cluster.stop(1)
      // What nobody knows who recovers: the others are alive, and go on.
      try await Self.write(100..<105, to: old)

      try await Self.recover(1, in: cluster)
      let alone = try await cluster.leader(among: [1])
      let vote = alone.metrics.vote
      let refusal = ContactRefusal.wrongCluster(
        theirs: former, ours: try #require(alone.metrics.cluster))
      let refused = WaitCondition("refused by node 1, which says why") { metrics in
        metrics.replication.first { $0.id == 1 }?.trouble == .failing(.refused)
          && metrics.refusals == [1: refusal]
      }
      try await Self.write(105..<110, to: old)
      try await old.wait(for: refused, within: TestCluster.limit)
      try await Self.write(5..<10, to: alone)
      #expect(alone.metrics.vote == vote)
      #expect(try await alone.lines().map(\.command) == (0..<10).map { [$0] })

      // A vote of any round is not even looked at.
      let contact = Contact(cluster: former, sender: old.id, receiver: 1)
      let candidate = VoteRequest(
        vote: Vote(leader: LeaderID(term: 900, node: old.id), isCommitted: false),
        lastLogID: LogID(term: 900, node: old.id, index: 900))
      await #expect(throws: RequestError.refused(refusal)) {
        _ = try await alone.respond(to: candidate, contact: contact)
      }
      #expect(refusal.description.contains("empty its folder and add it anew"))

      // Nor does one come back with its data by being added.
      try await alone.addLearner(TestCluster.member(old.id), admission: .atOnce)
      let back = WaitCondition("refused by node \(old.id)") { metrics in
        metrics.replication.first { $0.id == old.id }?.trouble == .failing(.refused)
      }
      try await alone.wait(for: back, within: TestCluster.limit)
      #expect(old.metrics.cluster == former)
      #expect(alone.metrics.vote == vote)
    }
  }

  @Test("A learner's data can be gone on with, and what it does not know to be committed counts")
  func learner() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2])
      try cluster.start(3)
      try await leader.addLearner(TestCluster.member(3))
      let last = try await leader.write([7])
      try await cluster.node(3).wait(for: .logIndex(atLeast: last), within: TestCluster.limit)
      await cluster.stopAll()
      try await Self.recover(3, in: cluster)
      let alone = try await cluster.leader(among: [3])
      #expect(try await alone.lines().map(\.command) == [[7]])
    }
  }

  @Test("A recovery that broke off behind its first write is repeated, with another generation")
  func brokenOff() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let last = try await leader.write([1])
      try await cluster.node(1).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await cluster.stopAll()
      let log = cluster.log(of: 1)
      let begun = try await Self.examine(1, in: cluster)
      let io = IOID(sequence: 1, vote: begun.vote, logID: begun.lastLogID)
      #expect(log.adopt(begun.successor, completion: IOCompletion(io: io) { _, _ in }) == .flushed)
      let record = try await Self.recover(1, in: cluster)
      #expect(record.generation == 2)
      let alone = try await cluster.leader(among: [1])
      #expect(alone.metrics.cluster?.generation == 2)
      _ = try await alone.write([2])
    }
  }

  @Test("Without the right acknowledgement and a reason nothing is changed")
  func unacknowledged() async throws {
    try await withCluster { cluster in
      _ = try await cluster.form([1, 2, 3])
      await cluster.stopAll()
      let recovery = try await Self.examine(1, in: cluster)
      let wrong = UnsafeRecovery.Acknowledgement.everythingAfterMayBeLost(nil)
      await #expect(
        throws: UnsafeRecoveryError.notAcknowledged(last: recovery.lastLogID)
      ) {
        try await recovery.perform(acknowledging: wrong, reason: "x")
      }
      let right = UnsafeRecovery.Acknowledgement.everythingAfterMayBeLost(recovery.lastLogID)
      for reason in ["", String(repeating: "x", count: 1001)] {
        await #expect(throws: UnsafeRecoveryError.noReason) {
          try await Self.examine(1, in: cluster).perform(acknowledging: right, reason: reason)
        }
      }
      let after = try await Self.examine(1, in: cluster)
      #expect(after.lastLogID == recovery.lastLogID)
      #expect(after.successor == recovery.successor)
      #expect(after.vote == recovery.vote)
    }
  }

  @Test("Data that cannot be gone on with is refused with the reason")
  func refusals() async throws {
    await #expect(throws: UnsafeRecoveryError.noMembership(1)) {
      try await UnsafeRecovery.examine(
        1, logStore: MemoryLogStore(), snapshotStore: MemorySnapshotStore())
    }
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      try cluster.start(2, as: .witness)
      try await leader.addLearner(TestCluster.witness(2))
      let last = try await leader.write([1])
      try await cluster.node(2).wait(for: .logIndex(atLeast: last), within: TestCluster.limit)
      await cluster.stopAll()
      await #expect(throws: UnsafeRecoveryError.notNeeded(1)) {
        try await Self.examine(1, in: cluster)
      }
      await #expect(throws: UnsafeRecoveryError.witness(2)) {
        try await Self.examine(2, in: cluster)
      }
      let alone = try Self.alone()
      await #expect(throws: UnsafeRecoveryError.notMember(3, alone)) {
        try await UnsafeRecovery.examine(
          3, logStore: try Self.storeOfNode1(),
          snapshotStore: MemorySnapshotStore())
      }
    }
  }

  private static func alone() throws -> Membership {
    try Membership(
      voters: [Member(id: 1, address: "node-1")],
      terms: .init(cluster: ClusterID(high: 1, low: 2)))
  }

  /// A store whose membership is node 1 alone.
  private static func storeOfNode1() throws -> MemoryLogStore {
    let copy = MemoryLogStore()
    let none = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    let leader = LeaderID(term: 0, node: 1)
    _ = copy.adopt(ClusterID(high: 1, low: 2), completion: none)
    _ = copy.save(Vote(leader: leader, isCommitted: true), completion: none)
    let run = EntryRun(
      leader: leader, first: 0, count: 1, byteCount: 0, kind: .membership, timestamp: .epoch,
      membership: try self.alone())
    _ = copy.append(EntrySlice(EntryChunk(emptyPayloads: run)), completion: none)
    return copy
  }

  @Test("A record is read back as it was written, and nothing else is taken for one")
  func record() throws {
    func read(_ text: String) throws -> UnsafeRecovery.Record? {
      let member = Member(
        id: 4, address: "a", metadata: [UnsafeRecovery.Record.key: text])
      return try Membership(voters: [member]).unsafeRecovery
    }
    let record = try #require(try read("2 1700000000000000000 42 2,3 Ann: they burned"))
    #expect(record.node == 4)
    #expect(record.generation == 2)
    #expect(record.at == Timestamp(nanoseconds: 1_700_000_000_000_000_000))
    #expect(record.last == 42)
    #expect(record.leftBehind == [2, 3])
    #expect(record.reason == "Ann: they burned")
    #expect(
      record.description == """
        unsafe recovery 2 at 1700000000.0s with the data of node 4 through entry 42, without nodes \
        2, 3: Ann: they burned
        """)
    #expect(try read("2 5 -  x")?.last == nil)
    for text in ["", "2 5 42 2,3", "x 5 42 2 r", "2 5 y 2 r", "2 5 42 2,z r"] {
      #expect(try read(text) == nil)
    }
  }
}
