import Raft
import RaftConcurrency

/// The system's clock until it is held; from then on it stands still but for what it is told, so
/// that nothing takes time because a test has to wait for a thread.
final class HeldClock: NodeClock {
  private let held = Guarded<Instant?>(nil)

  /// Holds the clock an hour later: all that was under way has had time.
  func hold() {
    self.held.withLock { $0 = SystemClock().now().advanced(byNanoseconds: 3_600_000_000_000) }
  }

  func advance(by nanoseconds: Int64) {
    self.held.withLock { $0 = $0?.advanced(byNanoseconds: nanoseconds) }
  }

  func now() -> Instant { self.held.withLock { $0 } ?? SystemClock().now() }

  func timestamp() -> Timestamp { SystemClock().timestamp() }

  func sleep(until deadline: Instant) async { await SystemClock().sleep(until: deadline) }
}
