public import Raft
public import RaftJSON

/// A member with its id, as a cluster's founder lists it: `[1,{"raft_addr":…,"data":…}]`.
public struct NumberedMember: JSONShape, Hashable, Sendable {
  /// The member.
  public let member: Member

  /// A member.
  public init(_ member: Member) {
    self.member = member
  }

  /// Writes `[id, description]`.
  public func write(to writer: inout JSONWriter) {
    writer.array { writer in
      writer.write(self.member.id)
      writer.write(NodeInfo(self.member))
    }
  }

  /// Reads `[id, description]`.
  public init(json: JSONNode) throws(JSONError) {
    var elements = try json.elements()
    guard let id = elements.next(), let info = elements.next(), elements.next() == nil else {
      throw json.mismatch(expected: "an id and a description of the node")
    }
    self.init(try NodeInfo(json: info, id: try NodeID(json: id)).member)
  }
}
