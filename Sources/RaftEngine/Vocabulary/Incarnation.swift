/// One life of a node's data: a random number made together with its data folder.
///
/// A node that lost its disk, or that keeps its log in memory only, comes back as another
/// incarnation of the same ``NodeID``: it holds nothing of what its former self acknowledged, so
/// it must not be taken for it (etcd#10951, NuRaft#185).
public struct Incarnation: Hashable, Sendable {
  /// The random number.
  public let rawValue: UInt64

  /// Names the incarnation with this number.
  public init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }
}

extension Incarnation: CustomStringConvertible {
  /// Sixteen hexadecimal digits.
  public var description: String { hexadecimal(self.rawValue) }
}

/// Sixteen lower-case hexadecimal digits.
package func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
