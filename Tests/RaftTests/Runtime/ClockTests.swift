import Raft
import RaftConcurrency
import RaftMemoryStore
import Testing

@Suite("A node and its clock", .timeLimit(.minutes(5)))
struct ClockTests {
  @Test("After an hour of sleep a leader wakes a few times, not without end, and leads on")
  func jump() async throws {
    let clock = LeapingClock()
    let node = try RaftNode(
      id: 1, machine: Ledger(), logStore: MemoryLogStore(), snapshotStore: MemorySnapshotStore(),
      transport: ScriptedTransport(), clock: clock, seed: 1)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    try await node.bootstrap(with: [TestCluster.member(1)])
    _ = try await node.write([1])
    let term = node.metrics.term
    for _ in 0..<3 {
      await clock.sleepers()
      let before = clock.sleepCount
      clock.leap(by: 3_600_000_000_000)
      for _ in 0..<20 { _ = try await node.readBarrier() }
      _ = try await node.write([2])
      #expect(clock.sleepCount - before <= 8)
    }
    #expect(node.metrics.state == .leader && node.metrics.term == term)
    await node.shutdown()
    #expect(await run.value.failure == nil)
  }
}

/// A clock that stands still but for the leaps that a test makes.
private final class LeapingClock: NodeClock {
  private struct State {
    var now = Instant(nanoseconds: 1_000_000_000)
    var count = 0
    var sleepers: [Int: (deadline: Instant, gate: Gate)] = [:]
  }

  private let state = Guarded(State())

  /// How often somebody began to sleep.
  var sleepCount: Int { self.state.withLock { $0.count } }

  /// Waits until somebody sleeps.
  func sleepers() async {
    while self.state.withLock({ $0.sleepers.isEmpty }) { await Task.yield() }
  }

  func leap(by nanoseconds: Int64) {
    let due = self.state.withLock { state in
      state.now = state.now.advanced(byNanoseconds: nanoseconds)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.map(\.gate)
    }
    for gate in due { gate.open() }
  }

  func now() -> Instant { self.state.withLock { $0.now } }

  func timestamp() -> Timestamp { Timestamp(nanoseconds: UInt64(self.now().nanoseconds)) }

  func sleep(until deadline: Instant) async {
    let gate = Gate()
    let number = self.state.withLock { state in
      state.count += 1
      if state.now < deadline {
        state.sleepers[state.count] = (deadline, gate)
      } else {
        gate.open()
      }
      return state.count
    }
    await withTaskCancellationHandler {
      await gate.pass()
    } onCancel: {
      self.state.withLock { $0.sleepers[number] = nil }
      gate.open()
    }
  }
}
