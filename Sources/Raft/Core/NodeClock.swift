import Glibc

/// Where a node takes the time from.
///
/// Tests and simulators give a clock of their own; everything the library does about time goes
/// through it. All functions are called from any thread, and the first two also under locks of the
/// node: they read a clock, and use neither the node nor a lock that is held long.
public protocol NodeClock: Sendable {
  /// The moment now.
  ///
  /// It never goes back, and counts while the machine sleeps.
  func now() -> Instant

  /// The wall-clock time now, for the stamps on entries.
  func timestamp() -> Timestamp

  /// Waits until this moment, or until the task is cancelled.
  func sleep(until deadline: Instant) async
}

/// What turns moments of a node's clock into times of day; measured once, so that times that the node
/// states can be compared whatever becomes of the wall clock.
struct WallClock: Sendable {
  private let offset: Int64

  init(of clock: any NodeClock) {
    self.offset = Int64(clamping: clock.timestamp().nanoseconds) - clock.now().nanoseconds
  }

  func timestamp(of instant: Instant) -> Timestamp {
    Timestamp(nanoseconds: UInt64(clamping: instant.nanoseconds + self.offset))
  }
}

/// The system's clocks: `CLOCK_BOOTTIME` for moments, `CLOCK_REALTIME` for stamps.
public struct SystemClock: NodeClock {
  /// The system's clocks.
  public init() {}

  /// Nanoseconds since the machine started, suspended time included.
  public func now() -> Instant {
    Instant(nanoseconds: Int64(bitPattern: Self.read(CLOCK_BOOTTIME)))
  }

  /// Nanoseconds since 1970.
  public func timestamp() -> Timestamp {
    Timestamp(nanoseconds: Self.read(CLOCK_REALTIME))
  }

  /// Waits on the continuous clock.
  public func sleep(until deadline: Instant) async {
    let nanoseconds = self.now().nanoseconds(to: deadline)
    guard nanoseconds > 0 else { return }
    try? await ContinuousClock().sleep(for: .nanoseconds(nanoseconds), tolerance: .zero)
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension Duration {
  /// The duration in nanoseconds, cut to what 64 bits hold.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = self.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowOfSum) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflowOfSum ? (seconds < 0 ? .min : .max) : sum
  }
}
