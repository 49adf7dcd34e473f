public import Raft
import RaftConcurrency

/// A clock that goes at most two milliseconds each time its task gets a turn.
///
/// Tests share the machine, and its few threads, with others. On a real clock a test that is not
/// scheduled for a while sees elections that nobody needs; on this one nothing happens meanwhile.
/// Give one clock to all nodes of a test, and keep ``run()`` going in a task of its own.
public final class PatientClock: NodeClock {
  private struct Sleeper {
    let deadline: Instant
    let continuation: UnsafeContinuation<Void, Never>
  }

  private struct State {
    var now = Instant(nanoseconds: 0)
    var sleepers: [UInt64: Sleeper] = [:]
    var nextSleeper: UInt64 = 0
  }

  private static let step: Int64 = 2_000_000
  private let state = Guarded(State())

  /// A clock that stands still until it runs.
  public init() {}

  /// Goes until the task is cancelled.
  public func run() async {
    let clock = ContinuousClock()
    while !Task.isCancelled {
      let start = clock.now
      try? await clock.sleep(for: .milliseconds(1), tolerance: .zero)
      let passed = start.duration(to: clock.now).nanoseconds
      self.advance(by: min(passed, Self.step))
    }
  }

  private func advance(by nanoseconds: Int64) {
    let due = self.state.withLock { state in
      state.now = state.now.advanced(byNanoseconds: nanoseconds)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }.sorted { $0.key < $1.key }
      for sleeper in due { state.sleepers.removeValue(forKey: sleeper.key) }
      return due.map(\.value.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  /// Nanoseconds that the clock has gone.
  public func now() -> Instant { self.state.withLock { $0.now } }

  /// A day in 2023, and what the clock has gone since.
  public func timestamp() -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000_000_000_000 + UInt64(self.now().nanoseconds))
  }

  /// Waits until the clock shows this moment, or the task is cancelled.
  public func sleep(until deadline: Instant) async {
    let number = self.state.withLock { state in
      state.nextSleeper += 1
      return state.nextSleeper
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isOver = self.state.withLock { state in
          guard state.now < deadline, !Task.isCancelled else { return true }
          state.sleepers[number] = Sleeper(deadline: deadline, continuation: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = self.state.withLock { $0.sleepers.removeValue(forKey: number) }
      sleeper?.continuation.resume()
    }
  }
}
