import RaftMemoryStore
import Testing

@testable import Raft

@Suite("A snapshot is received whole or not at all", .timeLimit(.minutes(5)))
struct ReceptionTests {
  private static func offer(
    _ request: SnapshotRequest, to solo: SoloNode
  ) -> Task<Result<SnapshotResponse, RequestError>, Never> {
    outcome { () async throws(RequestError) in try await solo.node.respond(to: request) }
  }

  @Test("A whole snapshot is installed, and the log goes on behind it")
  func whole() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let answer = await Self.offer(ScriptedLeader.snapshot(at: 6), to: solo).value
      #expect(try answer.get().vote == ScriptedLeader.vote)
      #expect(solo.node.metrics.applied?.index == 6)
      _ = try await solo.node.respond(
        to: ScriptedLeader.append(
          [ScriptedLeader.entries(from: 7, count: 2)], after: 6, committed: 8))
      try await solo.node.wait(for: .applied(atLeast: 8), within: TestCluster.limit)
      #expect(try await solo.lines().map(\.index) == [6, 7, 8])
    }
  }

  @Test("Content of another length than announced changes nothing", arguments: [16, 18])
  func length(announced: UInt64) async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let request = ScriptedLeader.snapshot(at: 6, announcing: announced)
      guard
        case .interrupted(let error) = await Self.offer(request, to: solo).value.failure,
        error.kind == .corrupted
      else {
        Issue.record("a snapshot of another length was taken")
        return
      }
      let latest = try await solo.snapshots.latest()
      #expect(latest == nil)
      #expect(solo.node.metrics.snapshot == nil)
      // The way is free for the next one.
      let next = await Self.offer(ScriptedLeader.snapshot(at: 6), to: solo).value
      #expect(next.failure == nil)
    }
  }

  @Test("Content with another hash than announced changes nothing")
  func hash() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      var request = ScriptedLeader.snapshot(at: 6)
      request.snapshot.contentHash = 12345
      guard
        case .interrupted(let error) = await Self.offer(request, to: solo).value.failure,
        error.kind == .corrupted
      else {
        Issue.record("a snapshot with another hash was taken")
        return
      }
      #expect(error.message.contains("changed on the way"))
      let latest = try await solo.snapshots.latest()
      #expect(latest == nil)
      let next = await Self.offer(ScriptedLeader.snapshot(at: 6), to: solo).value
      #expect(next.failure == nil)
    }
  }

  @Test("A sender that stalls is given up, and another one gets its turn")
  func stall() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let gate = Gate()
      let stalled = Self.offer(ScriptedLeader.snapshot(at: 6, stalledAt: gate), to: solo)
      await gate.reached()
      #expect(await Self.offer(ScriptedLeader.snapshot(at: 7), to: solo).value.failure == .busy)
      guard case .interrupted(let error) = await stalled.value.failure, error.kind == .io else {
        Issue.record("the stalled snapshot was not given up")
        return
      }
      #expect(await Self.offer(ScriptedLeader.snapshot(at: 7), to: solo).value.failure == nil)
      // What comes too late is not taken.
      gate.open()
      let latest = try await solo.snapshots.latest()
      #expect(latest?.meta.lastLogID.index == 7)
      #expect(solo.node.metrics.applied?.index == 7)
    }
  }

  @Test("A snapshot that comes slowly but steadily is received")
  func slowly() async throws {
    var configuration = SoloNode.configuration
    configuration.snapshotPauseMax = .seconds(30)
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      await solo.serve()
      let gate = Gate()
      let answer = Self.offer(ScriptedLeader.snapshot(at: 6, stalledAt: gate), to: solo)
      await gate.reached()
      gate.open()
      #expect(await answer.value.failure == nil)
    }
  }

  @Test("A stalled sender does not hold up the end of the node")
  func stopped() async throws {
    var configuration = SoloNode.configuration
    configuration.snapshotPauseMax = .seconds(60)
    try await withSoloNode(SoloNode(configuration)) { solo, run in
      await solo.serve()
      let gate = Gate()
      let answer = Self.offer(ScriptedLeader.snapshot(at: 6, stalledAt: gate), to: solo)
      await gate.reached()
      await solo.node.shutdown()
      #expect(await answer.value.failure == .stopped(.shutdown))
      #expect(await run.value.failure == nil)
      gate.open()
    }
  }

  private static let unread = IOCompletion(
    io: IOID(sequence: 0, vote: ScriptedLeader.vote, logID: nil)
  ) { _, _ in }

  @Test("A snapshot overtakes entries that wait to be read and applied")
  func overtakes() async throws {
    let base = MemoryLogStore()
    // Who holds a leader's entries stood behind it, and the first says who the members are.
    _ = base.save(ScriptedLeader.vote, completion: Self.unread)
    let membership = try Membership(voters: ([1, 2, 3] as [NodeID]).map(TestCluster.member))
    let founding = EntryRun(
      leader: ScriptedLeader.vote.leader, first: 0, count: 1, byteCount: 0, kind: .membership,
      timestamp: .epoch, membership: membership)
    _ = base.append(EntrySlice(EntryChunk(emptyPayloads: founding)), completion: Self.unread)
    for index in [1, 2, 3] as [LogIndex] {
      // One read does not reach all of them.
      let entries = ScriptedLeader.entries(from: index, count: 1, bytes: 700_000)
      _ = base.append(entries, completion: Self.unread)
    }
    base.note(committed: ScriptedLeader.logID(3))
    let solo = try SoloNode(log: GatedLogStore(base))
    solo.gate.close()
    try await withSoloNode(solo) { solo, _ in
      await solo.gate.reached()
      let answer = Self.offer(ScriptedLeader.snapshot(at: 10), to: solo)
      try await solo.node.wait(for: .purged(atLeast: 10), within: TestCluster.limit)
      solo.gate.open()
      #expect(await answer.value.failure == nil)
      #expect(solo.node.metrics.applied?.index == 10)
      #expect(try await solo.lines().map(\.index) == [10])
    }
  }

  @Test("The received snapshot is installed, also if the store holds one that reaches further")
  func olderThanStored() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      // As a reception leaves it that the node had no use for when it was complete.
      let stored = ScriptedLeader.snapshot(at: 100)
      let writer = try await solo.snapshots.begin(stored.snapshot)
      while let piece = try await stored.content.next() { try await writer.write(piece) }
      _ = try await writer.commit()
      #expect(await Self.offer(ScriptedLeader.snapshot(at: 50), to: solo).value.failure == nil)
      _ = try await solo.node.respond(
        to: ScriptedLeader.append(
          [ScriptedLeader.entries(from: 51, count: 2)], after: 50, committed: 52))
      try await solo.node.wait(for: .applied(atLeast: 52), within: TestCluster.limit)
      #expect(try await solo.lines().map(\.index) == [50, 51, 52])
    }
  }
}
