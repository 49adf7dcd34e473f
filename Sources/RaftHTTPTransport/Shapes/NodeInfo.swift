public import Raft
public import RaftJSON

/// A member's description without its id:
/// `{"raft_addr":"127.0.0.1:22001","data":"127.0.0.1:21001"}`.
///
/// `raft_addr` is the member's address and `data` its metadata under ``apiKey``, empty if there is
/// none. All else about the member follows in members of its own and is left out where it is as
/// usual: `name`, `metadata` (without the api address), `incarnation`, `role`, and
/// `promote_when_caught_up`.
public struct NodeInfo: JSONWritable, Hashable, Sendable {
  /// The key in a member's metadata under which `data` is kept.
  public static let apiKey = "api"

  /// The member that is described.
  public let member: Member

  /// The description of this member.
  public init(_ member: Member) {
    self.member = member
  }

  /// Reads the description of the member with this id.
  public init(json: JSONNode, id: NodeID) throws(JSONError) {
    var member = Member(id: id, address: try json["raft_addr"].string())
    member.name = try json.optional("name", as: String.self) ?? ""
    if let metadata = try json.optional("metadata") {
      for (key, value) in try metadata.members() {
        // Swift takes names for equal that differ in code points only.
        let old = member.metadata.updateValue(try value.string(), forKey: key)
        guard old == nil else { throw metadata.mismatch(expected: "\"\(key)\" once") }
      }
    }
    if let data = try json.optional("data", as: String.self), !data.isEmpty {
      guard member.metadata.updateValue(data, forKey: Self.apiKey) == nil else {
        throw json.mismatch(expected: "the api address in \"data\" or in \"metadata\", not in both")
      }
    }
    member.incarnation = try json.optional("incarnation", as: Incarnation.self)
    member.role = try json.optional("role", as: Member.Role.self) ?? .replica
    member.isPromotedWhenCaughtUp = try json.optional("promote_when_caught_up")?.bool() ?? false
    self.init(member)
  }

  /// Writes the description.
  public func write(to writer: inout JSONWriter) {
    let member = self.member
    let api = member.metadata[Self.apiKey] ?? ""
    // An api address that is there and empty cannot be told by `data`.
    let others = member.metadata
      .filter { $0.key != Self.apiKey || $0.value.isEmpty }
      .sorted { $0.key < $1.key }
    writer.object { writer in
      writer.member("raft_addr", member.address)
      writer.member("data", api)
      if !member.name.isEmpty { writer.member("name", member.name) }
      if !others.isEmpty {
        writer.member("metadata") { writer in
          writer.object { writer in
            for (key, value) in others { writer.member(key, value) }
          }
        }
      }
      if let incarnation = member.incarnation { writer.member("incarnation", incarnation) }
      if member.role != .replica { writer.member("role", member.role) }
      if member.isPromotedWhenCaughtUp { writer.member("promote_when_caught_up", true) }
    }
  }
}

extension Member.Role: JSONShape {
  /// Writes `"Replica"` or `"Witness"`.
  public func write(to writer: inout JSONWriter) {
    writer.string(Self.words.word(for: self))
  }

  /// Reads `"Replica"` or `"Witness"`.
  public init(json: JSONNode) throws(JSONError) {
    self = try Self.words.value(of: json)
  }

  private static let words = JSONWords<Self>(words: ["Replica": .replica, "Witness": .witness])
}
