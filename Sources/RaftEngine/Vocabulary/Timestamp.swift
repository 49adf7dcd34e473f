/// The wall-clock time that a leader stamped on entries; along the log it never goes back.
///
/// A leader stamps `max(last stamp in the log, its own clock)`, so every replica sees the same
/// time at the same entry: expiry rules of a state machine become deterministic.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Nanoseconds since 1970-01-01 00:00 UTC.
  public let nanoseconds: UInt64

  /// The time this many nanoseconds after 1970 began.
  public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Orders times.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The beginning of 1970: before every real stamp.
  public static let epoch = Timestamp(nanoseconds: 0)
}

extension Timestamp: CustomStringConvertible {
  /// Seconds since 1970 with three decimals.
  public var description: String { "\(Double(self.nanoseconds / 1_000_000) / 1000)s" }
}
