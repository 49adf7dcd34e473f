import Raft
import RaftConcurrency
import Testing

@Suite("What a node answers to appends", .timeLimit(.minutes(5)))
struct AppendAnswerTests {
  /// The same append in the name of another leadership.
  private static func append(
    under vote: Vote, _ entries: [EntrySlice] = [], after previous: LogID? = nil
  ) -> AppendRequest {
    AppendRequest(
      contact: Contact(cluster: nil, sender: vote.leader.node, receiver: 1),
      header: AppendHeader(
        vote: vote, previous: previous, committed: nil, promise: 0, session: 1),
      entries: entries)
  }

  private static func vote(_ term: Term, _ node: NodeID) -> Vote {
    Vote(leader: LeaderID(term: term, node: node), isCommitted: true)
  }

  @Test("Each answer says how far the logs agree, with entries and without")
  func answers() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let first = ScriptedLeader.append([ScriptedLeader.entries(from: 0, count: 3)], after: nil)
      let distant = ScriptedLeader.append(
        [ScriptedLeader.entries(from: 10, count: 1)], after: 9)
      let end = ScriptedLeader.logID(2)
      let steps: [(AppendRequest, AppendOutcome)] = [
        (
          ScriptedLeader.append([], after: 3),
          .conflict(rejected: ScriptedLeader.logID(3), hint: nil)
        ),
        (first, .matched(through: end)),
        (ScriptedLeader.append([], after: 2), .matched(through: end)),
        (first, .matched(through: end)),
        (distant, .conflict(rejected: ScriptedLeader.logID(9), hint: end)),
        (Self.append(under: Self.vote(4, 3)), .higherVote(ScriptedLeader.vote)),
      ]
      for (request, expected) in steps {
        let answer = try await solo.node.respond(to: request)
        #expect(answer.outcome == expected)
      }
      #expect(solo.node.metrics.lastLogID == end)
    }
  }

  @Test("An append of a later leader is taken, and durable together with its vote")
  func laterLeader() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      _ = try await solo.node.respond(
        to: ScriptedLeader.append([ScriptedLeader.entries(from: 0, count: 5)], after: nil))
      let later = Self.vote(7, 3)
      let run = EntryRun(
        leader: later.leader, first: 2, count: 1, byteCount: 1, kind: .command, timestamp: .epoch)
      let entries = EntrySlice(EntryChunk(run: run, bytes: [1], ends: [1]))
      let answer = try await solo.node.respond(
        to: Self.append(under: later, [entries], after: ScriptedLeader.logID(1)))
      // What it had of the earlier leader from there on is gone.
      #expect(answer.outcome == .matched(through: LogID(leader: later.leader, index: 2)))
      let metrics = solo.node.metrics
      #expect(metrics.flushed.vote == later)
      #expect(metrics.flushed.logID == LogID(leader: later.leader, index: 2))
      #expect(metrics.lastLogID == metrics.flushed.logID)
      #expect(metrics.leader == 3)
    }
  }

  /// The outcomes of these appends, which are handed over without waiting.
  private static func stream(
    _ requests: [AppendRequest], to node: RaftNode<GatedLedger>
  ) async -> [AppendOutcome?] {
    let outcomes = Guarded<[AppendOutcome?]>([])
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      for request in requests {
        node.receive(request) { result in
          let isLast = outcomes.withLock {
            $0.append(try? result.get().outcome)
            return $0.count == requests.count
          }
          if isLast { continuation.resume() }
        }
      }
    }
    return outcomes.withLock { $0 }
  }

  @Test("Appends that are handed over without waiting are answered in the order in which they came")
  func stream() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let requests = (0..<20).map { number in
        ScriptedLeader.append(
          [ScriptedLeader.entries(from: LogIndex(UInt64(number)), count: 1)],
          after: number == 0 ? nil : LogIndex(UInt64(number - 1)))
      }
      let outcomes = await Self.stream(requests, to: solo.node)
      #expect(
        outcomes
          == (0..<20).map { .matched(through: ScriptedLeader.logID(LogIndex(UInt64($0)))) })
    }
  }

  @Test("In a stream a gap is a conflict, and an earlier leader's append is refused by the vote")
  func brokenStream() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let outcomes = await Self.stream(
        [
          ScriptedLeader.append([ScriptedLeader.entries(from: 0, count: 1)], after: nil),
          ScriptedLeader.append([ScriptedLeader.entries(from: 5, count: 1)], after: 4),
          Self.append(under: Self.vote(4, 3)),
        ], to: solo.node)
      let end = ScriptedLeader.logID(0)
      #expect(outcomes.contains(.matched(through: end)))
      #expect(outcomes.contains(.conflict(rejected: ScriptedLeader.logID(4), hint: end)))
      #expect(outcomes.contains(.higherVote(ScriptedLeader.vote)))
    }
  }
}
