public import Raft
public import RaftJSON

extension WriteError: JSONShape {
  /// Writes ``ForwardToLeader``, `{"NoQuorum":{"message":…}}`, `{"Transferring":…}` with what
  /// stands under ``ForwardToLeader``, `{"OutcomeUnknown":{"message":…}}`,
  /// `{"Overloaded":{"message":…}}`, `{"StorageFull":{"message":…}}`,
  /// `{"TooLarge":{"bytes":…,"limit":…}}` or `{"Fatal":…}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .notLeader(let hint): writer.write(ForwardToLeader(hint))
    case .noQuorum: writer.variant("NoQuorum", message: self)
    case .transferring(let hint):
      ForwardToLeader(hint).write(to: &writer, named: ForwardToLeader.transferring)
    case .outcomeUnknown: writer.variant("OutcomeUnknown", message: self)
    case .overloaded: writer.variant("Overloaded", message: self)
    case .storageFull: writer.variant("StorageFull", message: self)
    case .tooLarge(let bytes, let limit):
      writer.variant("TooLarge") { writer in
        writer.member("bytes", bytes)
        writer.member("limit", limit)
      }
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads what went wrong with a write.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case ForwardToLeader.name:
      self = .notLeader(try ForwardToLeader(content: try variant.required()).leader)
    case "NoQuorum": self = .noQuorum
    case ForwardToLeader.transferring:
      self = .transferring(to: try ForwardToLeader.successor(variant.required()))
    case "OutcomeUnknown": self = .outcomeUnknown
    case "Overloaded": self = .overloaded
    case "StorageFull": self = .storageFull
    case "TooLarge":
      let content = try variant.required()
      self = .tooLarge(bytes: try content["bytes"].int(), limit: try content["limit"].int())
    case NodeFailure.name: self = .stopped(try NodeFailure(json: try variant.required()))
    default: throw variant.unknown("why a write failed, such as {\"ForwardToLeader\":…}")
    }
  }
}

extension ReadError: JSONShape {
  /// Writes ``ForwardToLeader``, `{"QuorumNotEnough":{"cluster":"","got":[1]}}`,
  /// `{"Witness":{"message":…}}` or `{"Fatal":…}`.
  public func write(to writer: inout JSONWriter) {
    self.write(to: &writer, in: nil)
  }

  /// Writes the same, with the membership's text under `cluster`.
  public func write(to writer: inout JSONWriter, in membership: Membership?) {
    switch self {
    case .notLeader(let hint): writer.write(ForwardToLeader(hint))
    case .noQuorum(let heard):
      writer.variant("QuorumNotEnough") { writer in
        writer.member("cluster", membership.map(String.init(describing:)) ?? "")
        writer.member("got", heard)
      }
    case .witness: writer.variant("Witness", message: self)
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads what went wrong with a read.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case ForwardToLeader.name:
      self = .notLeader(try ForwardToLeader(content: try variant.required()).leader)
    case "QuorumNotEnough":
      self = .noQuorum(heard: try variant.required().member("got", as: [NodeID].self))
    case "Witness": self = .witness
    case NodeFailure.name: self = .stopped(try NodeFailure(json: try variant.required()))
    default: throw variant.unknown("why a read failed, such as {\"ForwardToLeader\":…}")
    }
  }
}

extension BootstrapError: JSONShape {
  /// Writes `{"NotAllowed":{"last_log_id":…,"vote":…}}`,
  /// `{"NotInMembers":{"node_id":…,"membership":…}}`, `{"Witness":{"node_id":…}}`,
  /// `{"Invalid":…}` with the shape of a `MembershipError`, or `{"Fatal":…}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .notAllowed(let last, let vote):
      writer.variant("NotAllowed") { writer in
        writer.member("last_log_id", last)
        writer.member("vote", vote)
      }
    case .notVoter(let id, let members):
      writer.variant("NotInMembers") { writer in
        writer.member("node_id", id)
        writer.member("membership") { writer in
          writer.object { writer in
            writer.members(configurations: [members.map(\.id)], nodes: members)
          }
        }
      }
    case .witness(let id): writer.variant("Witness") { $0.member("node_id", id) }
    case .invalid(let error): writer.variant("Invalid", error)
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads why no cluster was founded.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    let content = try variant.required()
    switch variant.name {
    case "NotAllowed":
      self = .notAllowed(
        last: try content.optional("last_log_id", as: LogID.self),
        vote: try content.member("vote", as: Vote.self))
    case "NotInMembers":
      self = .notVoter(
        try content.member("node_id", as: NodeID.self),
        try Membership.members(try content["membership"]["nodes"]))
    case "Witness": self = .witness(try content.member("node_id", as: NodeID.self))
    case "Invalid": self = .invalid(try MembershipError(json: content))
    case NodeFailure.name: self = .stopped(try NodeFailure(json: content))
    default: throw variant.unknown("why no cluster was founded, such as {\"NotAllowed\":…}")
    }
  }
}
