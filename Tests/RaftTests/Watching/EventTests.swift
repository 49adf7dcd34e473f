import Testing

@testable import Raft

@Suite("A node's events, in their order", .timeLimit(.minutes(5)))
struct EventTests {
  /// Reads events until one is as wanted, that one included.
  private static func read(
    _ events: inout NodeEvent.Stream.Iterator, until isLast: (NodeEvent.Change) -> Bool
  ) async -> [NodeEvent.Change] {
    var found: [NodeEvent.Change] = []
    while let event = await events.next() {
      found.append(event.change)
      if isLast(event.change) { break }
    }
    return found
  }

  private static func isEnd(_ change: NodeEvent.Change) -> Bool {
    if case .stopped = change { return true }
    return false
  }

  private static func isFounded(_ change: NodeEvent.Change) -> Bool {
    if case .membershipCommitted(let logged) = change { return logged.logID?.index == 0 }
    return false
  }

  private static func texts(_ changes: [NodeEvent.Change]) -> [String] {
    changes.map(String.init(describing:))
  }

  @Test("From the founding of a cluster to its leader, nothing is left out")
  func founding() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      var events = solo.node.events().makeAsyncIterator()
      guard case .began(let before)? = await events.next()?.change else {
        Issue.record("no beginning")
        return
      }
      #expect(before.state == .learner)
      try await solo.lead()
      let changes = await Self.read(&events, until: Self.isFounded)
      let cluster = try #require(solo.node.metrics.cluster)
      #expect(
        Self.texts(changes) == [
          "vote T1-N1", "state Candidate", "belongs to cluster \(cluster)",
          "membership [1] at T0-N1.0", "vote T1-N1*", "state Leader", "leader T1-N1",
          "committed membership [1] at T0-N1.0",
        ])
    }
  }

  @Test("What a full buffer cannot take is counted, and how the node is after it is told")
  func missed() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      var events = solo.node.events(buffering: 2).makeAsyncIterator()
      _ = await events.next()
      try await solo.lead()
      #expect(await events.next()?.change == .vote(Vote(leader: Self.leader, isCommitted: false)))
      #expect(await events.next()?.change == .state(.candidate))
      guard case .missed(6, let metrics)? = await events.next()?.change else {
        Issue.record("no gap")
        return
      }
      #expect(metrics.leadership == Self.leader)
      // After the gap nothing is lost again.
      await solo.node.shutdown()
      #expect(await Self.read(&events, until: Self.isEnd) == [.stopped(.shutdown)])
      #expect(await events.next() == nil)
    }
  }

  private static let leader = LeaderID(term: 1, node: 1)

  @Test("The end is told also to those who read nothing before, and to those who come after it")
  func end() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      var slow = solo.node.events(buffering: 1).makeAsyncIterator()
      try await solo.lead()
      await solo.node.shutdown()
      let last = solo.node.metrics
      let told = await Self.read(&slow, until: Self.isEnd)
      guard told.count == 3, case .began = told[0], case .missed(let count, let after) = told[1]
      else {
        Issue.record("\(told)")
        return
      }
      #expect(count >= 8 && after == last)
      var late = solo.node.events().makeAsyncIterator()
      #expect(
        await Self.read(&late, until: Self.isEnd) == [.began(last), .stopped(.shutdown)])
      #expect(await late.next() == nil)
    }
  }

  @Test("A reader that is cancelled stops waiting, and then nothing is looked for any more")
  func cancelled() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      let node = solo.node
      let begun = Gate(isOpen: true)
      begun.close()
      #expect(!node.core.events.isWatched)
      let reader = Task { for await _ in node.events() { await begun.pass() } }
      await begun.reached()
      #expect(node.core.events.isWatched)
      begun.open()
      reader.cancel()
      await reader.value
      #expect(!node.core.events.isWatched)
    }
  }

  @Test("A snapshot's beginning and end are told, and what is purged because of it")
  func snapshot() async throws {
    var configuration = SoloNode.configuration
    configuration.entriesKept = 0
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      try await solo.lead()
      _ = try await solo.node.write([1])
      var events = solo.node.events().makeAsyncIterator()
      _ = await events.next()
      solo.node.triggers.buildSnapshot()
      let changes = await Self.read(&events) { $0 == .logPurged(through: Self.logID(2)) }
      #expect(
        changes == [
          .snapshotBegan, .snapshotBuilt(through: Self.logID(2)),
          .logPurged(through: Self.logID(2)),
        ])
    }
  }

  private static func logID(_ index: LogIndex) -> LogID { LogID(leader: self.leader, index: index) }

  @Test("A follower tells of its leaders, and of entries that a new one cuts off")
  func truncation() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      var events = solo.node.events().makeAsyncIterator()
      _ = await events.next()
      let entries = ScriptedLeader.entries(from: 0, count: 3)
      _ = try await solo.node.respond(to: ScriptedLeader.append([entries], after: nil))
      let vote = Vote(leader: LeaderID(term: 6, node: 3), isCommitted: true)
      let run = EntryRun(
        leader: vote.leader, first: 1, count: 1, byteCount: 0, kind: .blank, timestamp: .epoch)
      let request = AppendRequest(
        contact: Contact(cluster: nil, sender: 3, receiver: 1),
        header: AppendHeader(
          vote: vote, previous: ScriptedLeader.logID(0), committed: nil, promise: 0, session: 1),
        entries: [EntrySlice(EntryChunk(emptyPayloads: run))])
      _ = try await solo.node.respond(to: request)
      let cut = NodeEvent.Change.logTruncated(after: ScriptedLeader.logID(0))
      #expect(
        await Self.read(&events) { $0 == cut } == [
          .vote(ScriptedLeader.vote), .leader(ScriptedLeader.vote.leader),
          .vote(vote), .leader(vote.leader), cut,
        ])
    }
  }

  @Test("A leader that nobody answers tells that it has lost its quorum")
  func quorum() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.silent)) { solo, _ in
      var events = solo.node.events().makeAsyncIterator()
      try await solo.lead(with: [2, 3], until: .state(.leader))
      let changes = await Self.read(&events) { $0 == .quorumLost }
      #expect(changes.contains(.state(.leader)))
      #expect(changes.last == .quorumLost)
    }
  }

  @Test("A leader tells of a peer that went away, and of its own handing over")
  func cluster() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      var events = leader.events().makeAsyncIterator()
      _ = await events.next()
      let others = others(than: leader.id)
      await cluster.stop(others[0])
      _ = await Self.read(&events) { change in
        if case .trouble(of: others[0], .failing?) = change { return true }
        return false
      }
      try await leader.transferLeadership(to: others[1])
      let changes = await Self.read(&events) { $0 == .state(.follower) }
      #expect(changes.contains(.transferBegan(to: others[1])))
      _ = await Self.read(&events) { $0 == .transferEnded }
      #expect(leader.metrics.transferTarget == nil)
    }
  }
}
