/// What a client sees of a register: its value and, if the system tells it, its version.
///
/// Every change gives a register a version that is greater than all that it had before; an index
/// in the replicated log will do, and so will a counter.
public struct RegisterState: Hashable, Sendable {
  /// The value; `nil` if the register was never written.
  public var value: UInt64?
  /// The version, 0 if the register was never written; `nil` if the client was not told.
  public var version: UInt64?

  /// States what was seen.
  public init(value: UInt64?, version: UInt64? = nil) {
    self.value = value
    self.version = version
  }

  /// A register that was never written.
  public static let absent = RegisterState(value: nil, version: 0)
}

extension RegisterState: CustomStringConvertible {
  /// `value 4 (version 2)`, or `absent`.
  public var description: String {
    let value = self.value.map { "value \($0)" } ?? "absent"
    guard let version = self.version, version > 0 else { return value }
    return "\(value) (version \(version))"
  }
}
