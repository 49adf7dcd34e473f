import Raft
import RaftConcurrency
import RaftMemoryStore
import Testing

@Suite("Nodes that come back from isolation", .timeLimit(.minutes(5)))
struct IsolationTests {
  /// Counts how often a node asked for votes, or for the promise of one.
  private final class Askings: MetricsRecorder {
    private struct State {
      var count = 0
      var awaited = Int.max
      var waiting: UnsafeContinuation<Void, Never>?
    }

    private let state = Guarded(State())

    func add(_ count: Int, to counter: Measure.Counter) {
      guard counter == .voteRequests else { return }
      let reached = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
        state.count += count
        guard state.count >= state.awaited else { return nil }
        defer { state.waiting = nil }
        return state.waiting
      }
      reached?.resume()
    }

    func set(_ gauge: Measure.Gauge, to value: UInt64) {}

    func record(_ size: Int, in histogram: Measure.Histogram) {}

    /// Waits until it has asked so often.
    func reached(_ count: Int) async {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isReached = self.state.withLock { state in
          guard state.count < count else { return true }
          state.awaited = count
          state.waiting = continuation
          return false
        }
        if isReached { continuation.resume() }
      }
    }
  }

  /// Cuts a follower off until it has asked for votes several times; returns its round and the
  /// leader's then.
  private static func rounds(withPreVote isOn: Bool) async throws -> (follower: Term, leader: Term)
  {
    var configuration = TestCluster.configuration
    configuration.isPreVoteEnabled = isOn
    var rounds: (Term, Term)?
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let before = leader.metrics.term
      let follower = cluster.node(others(than: leader.id)[0])
      let askings = Askings()
      follower.setMetricsRecorder(askings)
      cluster.network.isolate(follower.id)
      await askings.reached(6)
      _ = try await follower.withState { $0.term }
      rounds = (
        Term(follower.metrics.term.rawValue - before.rawValue),
        Term(leader.metrics.term.rawValue - before.rawValue)
      )
      cluster.network.heal()
      if isOn {
        let last = try await leader.write([1])
        try await follower.wait(for: .applied(atLeast: last), within: TestCluster.limit)
        #expect(leader.metrics.state == .leader && leader.metrics.term == before)
      } else {
        // It makes the others elect anew.
        try await leader.wait(
          for: .term(atLeast: follower.metrics.term), within: TestCluster.limit)
      }
    }
    return try #require(rounds)
  }

  @Test("A node that was cut off asked in vain, raised no round and disturbs nobody")
  func preVote() async throws {
    let rounds = try await Self.rounds(withPreVote: true)
    #expect(rounds.follower == 0)
    #expect(rounds.leader == 0)
  }

  @Test("Without pre-votes a node that is cut off raises its round again and again")
  func withoutPreVote() async throws {
    let rounds = try await Self.rounds(withPreVote: false)
    #expect(rounds.follower >= 2)
    #expect(rounds.leader == 0)
  }
}
