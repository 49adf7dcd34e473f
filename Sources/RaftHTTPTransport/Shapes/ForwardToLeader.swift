public import Raft
public import RaftJSON

/// Where a request belongs:
/// `{"ForwardToLeader":{"leader_id":1,"leader_node":{"raft_addr":…,"data":…}}}`, with nulls for
/// what the asked node does not know.
public struct ForwardToLeader: JSONShape, Hashable, Sendable {
  /// The leader; `nil` if none is known.
  public let leader: LeaderHint?

  /// Points at this leader.
  public init(_ leader: LeaderHint?) {
    self.leader = leader
  }

  static let name = "ForwardToLeader"

  /// Writes the alternative with its name.
  public func write(to writer: inout JSONWriter) {
    self.write(to: &writer, named: Self.name)
  }

  /// Writes the alternative with another name.
  func write(to writer: inout JSONWriter, named name: String) {
    writer.variant(name) { writer in
      writer.member("leader_id", self.leader?.id)
      writer.member("leader_node", self.leader?.member.map(NodeInfo.init))
    }
  }

  /// The name under which a leader says to whom it is handing over.
  static let transferring = "Transferring"

  /// Reads to whom a leader is handing over.
  static func successor(_ content: JSONNode) throws(JSONError) -> LeaderHint {
    guard let successor = try ForwardToLeader(content: content).leader else {
      throw content.mismatch(expected: "a leader_id")
    }
    return successor
  }

  /// Reads the alternative with its name.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    guard variant.name == Self.name else { throw variant.unknown("{\"\(Self.name)\":…}") }
    try self.init(content: try variant.required())
  }

  /// Reads what stands under the name.
  init(content: JSONNode) throws(JSONError) {
    guard let id = try content.optional("leader_id", as: NodeID.self) else {
      self.init(nil)
      return
    }
    var member: Member?
    if let node = try content.optional("leader_node") {
      member = try NodeInfo(json: node, id: id).member
    }
    self.init(LeaderHint(id: id, member: member))
  }
}
