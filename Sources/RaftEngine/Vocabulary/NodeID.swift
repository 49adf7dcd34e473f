/// Who: the number of one server, unique in its cluster.
///
/// Two servers never run under one number at a time. A server that lost its data, or another machine in
/// the place of one that was removed, may have the number of the former: `Incarnation` tells them apart.
///
/// Numbers are chosen by the operator. A node that lost its data comes back under a new
/// ``Incarnation``, not under a new meaning of the old number.
public struct NodeID: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// The number itself.
  public let rawValue: UInt64

  /// Names the node with this number.
  public init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Names the node with this number.
  public init(integerLiteral value: UInt64) {
    self.init(value)
  }

  /// Orders nodes by number; the order has no meaning but to be the same everywhere.
  public static func < (left: NodeID, right: NodeID) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension NodeID: CustomStringConvertible {
  /// The number in decimal digits.
  public var description: String { String(self.rawValue) }
}
