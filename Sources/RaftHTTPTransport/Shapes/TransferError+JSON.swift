public import Raft
public import RaftJSON

extension TransferError: JSONShape {
  /// Writes ``ForwardToLeader``, `{"NotMember":{"node_id":9}}`, `{"NotVoter":{"node_id":4}}`,
  /// `{"Witness":{"node_id":5}}`, `{"Replaced":{"node_id":3}}`, `{"GivenUp":{"node_id":2}}`,
  /// `{"Fatal":…}`, or one of `AlreadyLeads`, `NoOtherVoter`, `NoneHeard` and `OutcomeUnknown` with a
  /// `message`.
  public func write(to writer: inout JSONWriter) {
    func named(_ name: String, _ id: NodeID) {
      writer.variant(name) { $0.member("node_id", id) }
    }
    switch self {
    case .notLeader(let hint): writer.write(ForwardToLeader(hint))
    case .alreadyLeads: writer.variant("AlreadyLeads", message: self)
    case .notMember(let id): named("NotMember", id)
    case .notVoter(let id): named("NotVoter", id)
    case .witness(let id): named("Witness", id)
    case .noOtherVoter: writer.variant("NoOtherVoter", message: self)
    case .noneHeard: writer.variant("NoneHeard", message: self)
    case .replaced(let id): named("Replaced", id)
    case .givenUp(let id): named("GivenUp", id)
    case .outcomeUnknown: writer.variant("OutcomeUnknown", message: self)
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads why leadership was not transferred.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    func id() throws(JSONError) -> NodeID {
      try variant.required().member("node_id", as: NodeID.self)
    }
    switch variant.name {
    case ForwardToLeader.name:
      self = .notLeader(try ForwardToLeader(content: try variant.required()).leader)
    case "AlreadyLeads": self = .alreadyLeads
    case "NotMember": self = .notMember(try id())
    case "NotVoter": self = .notVoter(try id())
    case "Witness": self = .witness(try id())
    case "NoOtherVoter": self = .noOtherVoter
    case "NoneHeard": self = .noneHeard
    case "Replaced": self = .replaced(by: try id())
    case "GivenUp": self = .givenUp(try id())
    case "OutcomeUnknown": self = .outcomeUnknown
    case NodeFailure.name: self = .stopped(try NodeFailure(json: try variant.required()))
    default: throw variant.unknown("why leadership was not transferred")
    }
  }
}
