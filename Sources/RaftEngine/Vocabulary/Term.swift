/// The number of an election round; it only grows (thesis §3.3).
public struct Term: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// The number itself; 0 is the time before the first election.
  public let rawValue: UInt64

  /// Names the round with this number.
  public init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Names the round with this number.
  public init(integerLiteral value: UInt64) {
    self.init(value)
  }

  /// The round after this one.
  public var next: Term { Term(self.rawValue + 1) }

  /// Orders rounds in time.
  public static func < (left: Term, right: Term) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Term: CustomStringConvertible {
  /// The number in decimal digits.
  public var description: String { String(self.rawValue) }
}
