import Raft
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// The wish to add a server: `{"node_id":2,"api_addr":"…","raft_addr":"…"}`, with
/// `"role":"Witness"` if it shall be one.
struct AddLearnerRequest: JSONShape, Sendable {
  /// The server, with its API address in the metadata.
  let member: Member

  init(_ member: Member) {
    self.member = member
  }

  init(json: JSONNode) throws(JSONError) {
    let id = try json.member("node_id", as: NodeID.self)
    let address = try json["raft_addr"].address()
    let api = try json["api_addr"].address()
    let role = try json.optional("role", as: Member.Role.self) ?? .replica
    self.member = Member(id: id, address: address, metadata: [NodeInfo.apiKey: api], role: role)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("node_id", self.member.id)
      writer.member("api_addr", self.member.metadata[NodeInfo.apiKey])
      writer.member("raft_addr", self.member.address)
      if self.member.role != .replica { writer.member("role", self.member.role) }
    }
  }
}

/// The members of a cluster to found: `[]` for the asked server alone, or `[[1,NodeInfo],…]`.
struct InitRequest: JSONShape, Sendable {
  let members: [Member]

  init(json: JSONNode) throws(JSONError) {
    var members: [Member] = []
    for element in try json.elements() {
      let member = try NumberedMember(json: element).member
      _ = try element[1]["raft_addr"].address()
      members.append(member)
    }
    self.members = members
  }

  func write(to writer: inout JSONWriter) {
    writer.array(self.members) { writer, member in writer.write(NumberedMember(member)) }
  }
}

/// Which servers shall be the voters: `[1,2,3]`, each counted once.
struct VotersRequest: JSONShape, Sendable {
  let ids: [NodeID]

  init(json: JSONNode) throws(JSONError) {
    self.ids = Set(try [NodeID](json: json)).sorted()
  }

  func write(to writer: inout JSONWriter) {
    writer.write(self.ids)
  }
}

/// Which server a wish is about, such as to take it out: `{"node_id":2}`.
struct ServerRequest: JSONShape, Sendable {
  let id: NodeID

  init(_ id: NodeID) {
    self.id = id
  }

  init(json: JSONNode) throws(JSONError) {
    self.id = try json.member("node_id", as: NodeID.self)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("node_id", self.id) }
  }
}

/// Who shall lead: `{"to":2}`, or `{"to":null}` for whoever suits best.
struct TransferLeaderRequest: JSONShape, Sendable {
  let target: NodeID?

  init(to target: NodeID?) {
    self.target = target
  }

  init(json: JSONNode) throws(JSONError) {
    self.target = try json.optional("to", as: NodeID.self)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("to", self.target) }
  }
}

/// From where on a reader's state is fresh: `{"node_id":1,"read_log_id":…,"applied":…}`.
struct Linearizer: JSONShape, Sendable {
  /// The leader that says so.
  let node: NodeID
  /// What must be applied before the read.
  let barrier: LogID
  /// What the leader has applied.
  let applied: LogID?

  init(node: NodeID, barrier: LogID, applied: LogID?) {
    self.node = node
    self.barrier = barrier
    self.applied = applied
  }

  init(json: JSONNode) throws(JSONError) {
    self.node = try json.member("node_id", as: NodeID.self)
    self.barrier = try json.member("read_log_id", as: LogID.self)
    self.applied = try json.optional("applied", as: LogID.self)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("node_id", self.node)
      writer.member("read_log_id", self.barrier)
      writer.member("applied", self.applied)
    }
  }
}

/// The members that a server knows: `{"1":NodeInfo,…}`.
struct NodeList: JSONShape, Sendable {
  let members: [Member]

  init(_ members: [Member]) {
    self.members = members
  }

  init(json: JSONNode) throws(JSONError) {
    var members: [Member] = []
    for (name, info) in try json.members() {
      guard let id = UInt64(name) else { throw json.mismatch(expected: "node ids as names") }
      members.append(try NodeInfo(json: info, id: NodeID(id)).member)
    }
    self.members = members
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      for member in self.members { writer.member(String(member.id.rawValue), NodeInfo(member)) }
    }
  }
}

/// Why a read at a follower failed: `{"message":"…"}`.
struct FollowerReadError: Error, JSONShape, Sendable {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  init(json: JSONNode) throws(JSONError) {
    self.message = try json["message"].string()
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("message", self.message) }
  }
}

/// Why a linearizable read failed, and the membership that a quorum is counted in.
struct LinearizableReadError: Error, JSONShape, Sendable {
  let error: ReadError
  let membership: Membership?

  init(_ error: ReadError, in membership: Membership?) {
    self.error = error
    self.membership = membership
  }

  init(json: JSONNode) throws(JSONError) {
    self.init(try ReadError(json: json), in: nil)
  }

  func write(to writer: inout JSONWriter) {
    self.error.write(to: &writer, in: self.membership)
  }
}

extension JSONNode {
  /// The text of an address that others can connect to.
  fileprivate func address() throws(JSONError) -> String {
    let text = try self.string()
    guard let address = try? SocketAddress(parsing: text), address.port != 0 else {
      throw self.mismatch(expected: "an address such as 127.0.0.1:21001")
    }
    return text
  }
}
