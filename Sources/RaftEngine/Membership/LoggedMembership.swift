/// A membership together with the place of its entry in the log.
public struct LoggedMembership: Hashable, Sendable {
  /// Where the entry stands; `nil` for the state before any membership entry.
  public let logID: LogID?
  /// The membership; `nil` before any is known.
  public let membership: Membership?

  /// The membership that this entry carries.
  public init(logID: LogID, membership: Membership) {
    self.logID = logID
    self.membership = membership
  }

  private init() {
    self.logID = nil
    self.membership = nil
  }

  /// The state of a node that has not seen any membership entry.
  public static let none = LoggedMembership()
}

extension LoggedMembership: CustomStringConvertible {
  /// `[1,2,3] at T1-N1.4`, or `none`.
  public var description: String {
    guard let logID = self.logID, let membership = self.membership else { return "none" }
    return "\(membership) at \(logID)"
  }
}
