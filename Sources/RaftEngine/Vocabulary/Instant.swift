/// A moment on a node's own clock, which never goes back and counts while the machine sleeps.
///
/// Only differences on one node mean anything. The clock must count suspended time
/// (`CLOCK_BOOTTIME`), or a leader that slept would believe in a lease that ended.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's origin.
  public let nanoseconds: Int64

  /// The moment this many nanoseconds after the clock's origin.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Orders moments in time.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The moment this many nanoseconds later, or before if negative; never past the ends of the
  /// clock.
  public func advanced(byNanoseconds nanoseconds: Int64) -> Instant {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return Instant(nanoseconds: overflow ? (nanoseconds > 0 ? .max : .min) : sum)
  }

  /// Nanoseconds from this moment to the other; negative if the other lies before.
  public func nanoseconds(to other: Instant) -> Int64 {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(self.nanoseconds)
    return overflow ? (other > self ? .max : .min) : difference
  }

  /// A moment that no clock reaches.
  public static let distantFuture = Instant(nanoseconds: .max)
}

extension Instant: CustomStringConvertible {
  /// Milliseconds since the clock's origin, as `12.5ms`.
  public var description: String { "\(Double(self.nanoseconds / 1000) / 1000)ms" }
}
