import Testing

@testable import Raft

@Suite("Waits for conditions, and what they say when they fail", .timeLimit(.minutes(5)))
struct WaitTests {
  private static func logID(_ index: LogIndex) -> LogID { LogID(term: 3, node: 1, index: index) }

  /// A settled leader of term 3 with one voter beside it and one learner.
  private static func leader() throws -> Metrics {
    let members = ([1, 2, 4] as [NodeID]).map(TestCluster.member)
    let logged = LoggedMembership(
      logID: self.logID(2),
      membership: try Membership(configurations: [[1, 2]], members: members))
    var metrics = Metrics(unstarted: 1)
    metrics.state = .leader
    metrics.vote = Vote(leader: LeaderID(term: 3, node: 1), isCommitted: true)
    metrics.leader = 1
    metrics.lastLogID = self.logID(9)
    metrics.flushed = Metrics.Flushed(vote: metrics.vote, logID: self.logID(8))
    metrics.committed = self.logID(7)
    metrics.clusterCommitted = 7
    metrics.applied = self.logID(6)
    metrics.snapshot = self.logID(5)
    metrics.purged = self.logID(4)
    metrics.hasQuorumContact = true
    metrics.quorumAcknowledgedAt = Timestamp(nanoseconds: 100)
    metrics.effectiveMembership = logged
    metrics.committedMembership = logged
    return metrics
  }

  private static let vote = Vote(leader: LeaderID(term: 3, node: 1), isCommitted: true)

  /// Pairs of conditions: the first one holds for the leader, the second one just does not.
  private static let pairs: [(WaitCondition, WaitCondition)] = [
    (.state(.leader), .state(.follower)),
    (.leader(1), .leader(2)),
    (
      .quorumAcknowledged(since: Timestamp(nanoseconds: 100)),
      .quorumAcknowledged(since: Timestamp(nanoseconds: 101))
    ),
    (.vote(vote), .vote(vote.uncommitted)),
    (.term(atLeast: 3), .term(atLeast: 4)),
    (.voters([2, 1]), .voters([1, 2, 4])),
    (.members([4, 2, 1]), .members([1, 2])),
    (.logIndex(atLeast: 9), .logIndex(atLeast: 10)),
    (.logIndex(exactly: 9), .logIndex(exactly: 8)),
    (.flushed(atLeast: 8), .flushed(atLeast: 9)),
    (.committed(atLeast: 7), .committed(atLeast: 8)),
    (.committed(exactly: 7), .committed(exactly: 6)),
    (.applied(atLeast: 6), .applied(atLeast: 7)),
    (.applied(exactly: 6), .applied(exactly: 5)),
    (.snapshot(atLeast: 5), .snapshot(atLeast: 6)),
    (.snapshot(logID(5)), .snapshot(logID(4))),
    (.purged(atLeast: 4), .purged(atLeast: 5)),
    (.purged(logID(4)), .purged(logID(3))),
    (.metric(\.clusterCommitted, is: 7), .metric(\.clusterCommitted, is: 6)),
    (.metric(\.term, isAtLeast: 3), .metric(\.term, isAtLeast: 4)),
    (.metric(\.applied, isAtLeast: logID(6)), .metric(\.applied, isAtLeast: logID(7))),
  ]

  @Test("Each condition holds when it is met, and not when it is just missed", arguments: 0..<21)
  func condition(_ number: Int) throws {
    let (met, missed) = Self.pairs[number]
    let metrics = try Self.leader()
    #expect(met.isMet(metrics), "\(met.name)")
    #expect(!missed.isMet(metrics), "\(missed.name)")
    #expect(Self.pairs.count == 21)
  }

  @Test("A membership that is not committed, or joint, is not waited for")
  func unsettled() throws {
    var metrics = try Self.leader()
    metrics.committedMembership = .none
    #expect(!WaitCondition.voters([1, 2]).isMet(metrics))
    #expect(!WaitCondition.members([1, 2, 4]).isMet(metrics))
    let joint = LoggedMembership(
      logID: Self.logID(7),
      membership: try Membership(
        configurations: [[1], [1, 2]], members: ([1, 2] as [NodeID]).map(TestCluster.member)))
    metrics.committedMembership = joint
    metrics.effectiveMembership = joint
    #expect(!WaitCondition.members([1, 2]).isMet(metrics))
    #expect(!WaitCondition.voters([1, 2]).isMet(metrics))
  }

  @Test("A wait that fails tells what was waited for, and the last metrics seen")
  func timeout() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let wait = outcome { () async throws(WaitError) in
        try await solo.node.wait(for: .applied(exactly: 99), within: .milliseconds(50))
      }
      guard case .timedOut(let awaited, let metrics)? = await wait.value.failure else {
        Issue.record("\(await wait.value)")
        return
      }
      #expect(awaited == "applied index 99")
      #expect(metrics.state == .leader)
      let text = String(describing: WaitError.timedOut(awaited: awaited, metrics))
      #expect(
        text.hasPrefix("waited for applied index 99, which did not come in time; the node is"))
    }
  }

  @Test("A cancelled wait says that it was cancelled")
  func cancelled() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      let wait = outcome { () async throws(WaitError) in
        try await solo.node.wait(for: .applied(exactly: 99), within: TestCluster.limit)
      }
      wait.cancel()
      guard case .cancelled("applied index 99", _)? = await wait.value.failure else {
        Issue.record("\(await wait.value)")
        return
      }
    }
  }

  @Test("A wait for what a stopped node shows succeeds, any other one ends with the node")
  func stopped() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let shutdown = outcome { () async throws(WaitError) in
        try await solo.node.wait(for: .state(.shutdown), within: TestCluster.limit)
      }
      let other = outcome { () async throws(WaitError) in
        try await solo.node.wait(for: .leader(7), within: TestCluster.limit)
      }
      await solo.node.shutdown()
      #expect(await shutdown.value.failure == nil)
      guard case .stopped(.shutdown, "leader 7", let last)? = await other.value.failure else {
        Issue.record("\(await other.value)")
        return
      }
      #expect(last.applied?.index == 1)
    }
  }

  @Test("A watch waits for its own value: positions, indices, terms, and whatever one likes")
  func values() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let node = solo.node
      _ = try await node.write(contentsOf: [[1], [2]])
      let applied = try await node.watch(\.applied)
        .wait(untilAtLeast: LogIndex(3), within: TestCluster.limit)
      #expect(applied == LogID(term: 1, node: 1, index: 3))
      let same = try await node.watch(\.committed)
        .wait(untilAtLeast: LogID(term: 1, node: 1, index: 3), within: TestCluster.limit)
      #expect(same == applied)
      #expect(
        try await node.watch(\.term).wait(untilAtLeast: 1, within: TestCluster.limit) == 1)
      let leaders = try await node.watch(\.knownLeadership)
        .wait(until: "somebody leads", within: TestCluster.limit) { $0 != nil }
      #expect(leaders == LeaderID(term: 1, node: 1))
    }
  }
}
