/// The place of an entry in the log; the first entry has index 0.
public struct LogIndex: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// The number itself.
  public let rawValue: UInt64

  /// Names the place with this number.
  public init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Names the place with this number.
  public init(integerLiteral value: UInt64) {
    self.init(value)
  }

  /// The place after this one.
  public var next: LogIndex { LogIndex(self.rawValue + 1) }

  /// The place before this one; `nil` at the first.
  public var previous: LogIndex? { self.rawValue == 0 ? nil : LogIndex(self.rawValue - 1) }

  /// Orders places from the log's beginning to its end.
  public static func < (left: LogIndex, right: LogIndex) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The place `count` entries further on.
  public static func + (left: LogIndex, count: Int) -> LogIndex {
    LogIndex(left.rawValue + UInt64(count))
  }
}

extension LogIndex: Strideable {
  /// How many entries lie between this place and the other.
  public func distance(to other: LogIndex) -> Int {
    Int(Int64(bitPattern: other.rawValue &- self.rawValue))
  }

  /// The place `n` entries further on, or back if `n` is negative.
  public func advanced(by n: Int) -> LogIndex {
    LogIndex(self.rawValue &+ UInt64(bitPattern: Int64(n)))
  }
}

extension LogIndex: CustomStringConvertible {
  /// The number in decimal digits.
  public var description: String { String(self.rawValue) }
}
