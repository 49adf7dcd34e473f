import RaftConcurrency
import Testing

@testable import Raft

@Suite("Watches always show the newest value, and hold up nobody", .timeLimit(.minutes(5)))
struct WatchTests {
  @Test("A reader that comes late gets the newest value and none of those in between")
  func newest() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      var reader = solo.node.watch(\.applied).makeAsyncIterator()
      let first = await reader.next()
      for number in 0..<20 as Range<UInt8> { _ = try await solo.node.write([number]) }
      let end = try await solo.node.wait(for: .applied(exactly: 21), within: TestCluster.limit)
      #expect(first??.index == 1)
      #expect(await reader.next() == end.applied)
    }
  }

  @Test("Watchers that stand still hold up neither the node nor each other")
  func standstill() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      let gate = Gate()
      let node = solo.node
      let stuck = (0..<8).map { _ in
        Task { for await _ in node.metricsUpdates { await gate.pass() } }
      }
      let unread = (0..<8).map { _ in node.events(buffering: 1).makeAsyncIterator() }
      await gate.reached(by: 8)
      try await solo.lead()
      for number in 0..<100 as Range<UInt8> { _ = try await node.write([number]) }
      try await node.watch(\.applied).wait(untilAtLeast: 101, within: TestCluster.limit)
      #expect(unread.count == 8)
      gate.open()
      await node.shutdown()
      for task in stuck { await task.value }
    }
  }

  @Test("The server view does not change while commands are written")
  func server() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      var reader = solo.node.watch(\.server).makeAsyncIterator()
      #expect(await reader.next()?.state == .leader)
      for number in 0..<20 as Range<UInt8> { _ = try await solo.node.write([number]) }
      await solo.node.shutdown()
      #expect(await reader.next()?.state == .shutdown)
      #expect(await reader.next() == nil)
    }
  }

  @Test("Who watches one part has no news when others change")
  func parts() async {
    let board = MetricsBoard(Metrics(unstarted: 1))
    var metrics = board.latest
    metrics.committed = LogID(term: 1, node: 1, index: 7)
    #expect(board.publish(metrics) == .committed)
    #expect(board.hasNews(of: .data, after: 0))
    #expect(!board.hasNews(of: .server, after: 0))
    metrics.leader = 3
    #expect(board.publish(metrics) == .leader)
    #expect(board.hasNews(of: .server, after: 1))
    #expect(!board.hasNews(of: .data, after: 1))
    #expect(board.publish(metrics) == [])
    #expect(!board.hasNews(of: .all, after: 2))
  }

  @Test("Every value that can be watched by name belongs to a part that changes with it")
  func paths() {
    #expect(MetricsParts(of: \Metrics.server) == [.vote, .leader, .membership])
    #expect(MetricsParts(of: \Metrics.leadership) == [.leader, .vote])
    #expect(MetricsParts(of: \Metrics.applied) == .applied)
    #expect(MetricsParts(of: \Metrics.flushed.logID) == .flushed)
    #expect(MetricsParts(of: \Metrics.id) == .all)
  }

  @Test("Each field of the metrics belongs to a part, and a node's end to all")
  func fields() {
    let before = Metrics(unstarted: 1)
    let logID = LogID(term: 1, node: 1, index: 7)
    func parts(_ change: (inout Metrics) -> Void) -> MetricsParts {
      var after = before
      change(&after)
      return MetricsParts.changed(from: before, to: after)
    }
    #expect(
      parts { $0.vote = Vote(leader: LeaderID(term: 1, node: 1), isCommitted: true) } == .vote)
    #expect(parts { $0.state = .candidate } == .leader)
    #expect(parts { $0.transferTarget = 3 } == .leader)
    #expect(parts { $0.removedAt = logID } == .membership)
    #expect(parts { $0.cluster = ClusterID(high: 1, low: 1) } == .membership)
    #expect(parts { $0.purged = logID } == .log)
    #expect(parts { $0.flushed.logID = logID } == .flushed)
    #expect(parts { $0.clusterCommitted = 7 } == .committed)
    #expect(parts { $0.applied = logID } == .applied)
    #expect(parts { $0.snapshot = logID } == .snapshot)
    #expect(parts { $0.hasQuorumContact = true } == .peers)
    #expect(parts { $0.failure = .shutdown } == .all)
  }

  @Test("What is durable lags behind what is written while the disk is slow")
  func flushed() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let flushed = solo.node.watch(\.flushed.logID)
      solo.log.hold()
      let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      let written = try await solo.node.wait(for: .logIndex(exactly: 2), within: TestCluster.limit)
      #expect(written.flushed.logID?.index == 1)
      solo.log.release()
      try await flushed.wait(untilAtLeast: 2, within: TestCluster.limit)
      _ = await write.value
      #expect(solo.node.metrics.flushed.vote == solo.node.metrics.vote)
    }
  }

  @Test("A vote is durable later than the node stands behind it")
  func flushedVote() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      solo.log.hold()
      let bootstrap = outcome { () async throws(BootstrapError) in
        try await solo.node.bootstrap(with: [TestCluster.member(1)])
      }
      let standing = try await solo.node.wait(
        for: .metric(\.term, isAtLeast: 1), within: TestCluster.limit)
      #expect(standing.flushed.vote == .initial)
      solo.log.release()
      try await solo.node.watch(\.flushed.vote.leader)
        .wait(untilAtLeast: LeaderID(term: 1, node: 1), within: TestCluster.limit)
      _ = await bootstrap.value
    }
  }

  @Test("A follower knows how far the cluster is committed before it has the entries")
  func clusterCommitted() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let entries = ScriptedLeader.entries(from: 0, count: 3)
      _ = try await solo.node.respond(
        to: ScriptedLeader.append([entries], after: nil, committed: 9))
      let metrics = try await solo.node.wait(
        for: .metric(\.clusterCommitted, isAtLeast: 9), within: TestCluster.limit)
      #expect(metrics.committed?.index == 2)
      #expect(metrics.knownLeadership == ScriptedLeader.vote.leader)
    }
  }

  @Test("A leader shows how each peer is brought up to date")
  func phases() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.silent)) { solo, _ in
      try await solo.lead(with: [2, 3], until: .state(.leader))
      #expect(solo.node.metrics.replication.map(\.phase) == [.probing, .probing])
    }
    try await withSoloNode(SoloNode(transport: ScriptedTransport.obedient(through: 9))) { solo, _ in
      try await solo.lead(with: [2, 3])
      _ = try await solo.node.wait(
        for: WaitCondition("two peers that keep up") {
          $0.replication.map(\.phase) == [.replicating, .replicating]
        }, within: TestCluster.limit)
    }
  }
}
