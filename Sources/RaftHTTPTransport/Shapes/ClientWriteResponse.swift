public import Raft
public import RaftJSON

/// The answer to a write or a change of the membership:
/// `{"log_id":…,"data":…,"membership":…}`.
public struct ClientWriteResponse<Data: JSONShape>: JSONShape {
  /// Where the entry stands.
  public let logID: LogID
  /// What the machine answered.
  public let data: Data
  /// The membership that the entry brought; `nil` for an ordinary write.
  public let membership: Membership?

  /// An answer.
  public init(logID: LogID, data: Data, membership: Membership?) {
    self.logID = logID
    self.data = data
    self.membership = membership
  }

  /// Writes the answer.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("log_id", self.logID)
      writer.member("data", self.data)
      writer.member("membership", self.membership)
    }
  }

  /// Reads the answer.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      logID: try json.member("log_id", as: LogID.self),
      data: try json.member("data", as: Data.self),
      membership: try json.optional("membership", as: Membership.self))
  }
}

extension ClientWriteResponse: Equatable where Data: Equatable {}
extension ClientWriteResponse: Sendable where Data: Sendable {}
