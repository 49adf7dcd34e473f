import Glibc

/// Nanoseconds of the machine's monotonic clock: never set back, no relation to the date.
typealias MonotonicTime = UInt64

enum MonotonicClock {
  static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

extension Duration {
  /// Whole nanoseconds: none for a negative duration, at most about 292 years.
  var clampedNanoseconds: UInt64 {
    let (seconds, attoseconds) = self.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 9_000_000_000 else { return UInt64(Int64.max) }
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }
}

extension MonotonicTime {
  /// The moment `duration` later.
  func advanced(by duration: Duration) -> MonotonicTime {
    let (sum, isOver) = self.addingReportingOverflow(duration.clampedNanoseconds)
    return isOver ? .max : sum
  }
}
