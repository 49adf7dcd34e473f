internal import Raft
import RaftConcurrency

/// How fast the snapshots of all members together leave this server.
final class SnapshotPace: Sendable {
  private let bytesPerSecondMax: Int?
  /// When the next bytes may leave.
  private let next = Guarded<ContinuousClock.Instant?>(nil)

  /// No more than so many bytes a second; nil for no limit.
  init(bytesPerSecondMax: Int?) {
    self.bytesPerSecondMax = bytesPerSecondMax
  }

  /// Waits until so many bytes may leave; throws if that is not before the deadline.
  func wait(
    for byteCount: Int, until deadline: ContinuousClock.Instant
  ) async throws(TransportError) {
    guard let bytesPerSecondMax = self.bytesPerSecondMax else { return }
    let clock = ContinuousClock()
    let now = clock.now
    let start = self.next.withLock { next in
      let start = max(now, next ?? now)
      guard start < deadline else { return start }
      next = start.advanced(by: .seconds(Double(byteCount) / Double(bytesPerSecondMax)))
      return start
    }
    guard start < deadline else { throw .timedOut }
    if start > now { try? await clock.sleep(until: start) }
  }
}
