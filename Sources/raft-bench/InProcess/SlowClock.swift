import Raft

/// The system's clock, so many times slower: what a node does because time goes by, it does that much
/// more rarely.
struct SlowClock: NodeClock {
  let divisor: Int64

  func now() -> Instant { Instant(nanoseconds: SystemClock().now().nanoseconds / self.divisor) }

  func timestamp() -> Timestamp { SystemClock().timestamp() }

  func sleep(until deadline: Instant) async {
    let (product, overflow) = deadline.nanoseconds.multipliedReportingOverflow(by: self.divisor)
    await SystemClock().sleep(until: overflow ? .distantFuture : Instant(nanoseconds: product))
  }
}
