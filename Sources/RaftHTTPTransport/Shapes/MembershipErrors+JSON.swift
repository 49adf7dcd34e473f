public import Raft
public import RaftJSON

extension MembershipError: JSONShape {
  /// Writes `{"EmptyMembership":{}}`, `{"LearnerNotFound":{"node_id":4}}` or another alternative of
  /// the same style.
  public func write(to writer: inout JSONWriter) {
    func named(_ name: String, _ id: NodeID) {
      writer.variant(name) { $0.member("node_id", id) }
    }
    switch self {
    case .configurationCount(let count):
      writer.variant("ConfigurationCount") { $0.member("count", count) }
    case .emptyConfiguration: writer.variant("EmptyMembership") { _ in }
    case .duplicateVoter(let id): named("DuplicateVoter", id)
    case .duplicateMember(let id): named("DuplicateMember", id)
    case .unknownVoter(let id): named("LearnerNotFound", id)
    case .removedVoter(let id): named("RemovedVoter", id)
    case .replacedMember(let id): named("ReplacedMember", id)
    case .exchangedIncarnation(let id): named("ExchangedIncarnation", id)
    case .witnessMajority(let ids):
      writer.variant("WitnessMajority") { $0.member("node_ids", ids) }
    case .exchangedRole(let id): named("ExchangedRole", id)
    }
  }

  /// Reads why there can be no such membership.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    let content = try variant.required()
    switch variant.name {
    case "ConfigurationCount": self = .configurationCount(try content["count"].int())
    case "EmptyMembership": self = .emptyConfiguration
    case "DuplicateVoter": self = .duplicateVoter(try content.member("node_id", as: NodeID.self))
    case "DuplicateMember": self = .duplicateMember(try content.member("node_id", as: NodeID.self))
    case "LearnerNotFound": self = .unknownVoter(try content.member("node_id", as: NodeID.self))
    case "RemovedVoter": self = .removedVoter(try content.member("node_id", as: NodeID.self))
    case "ReplacedMember":
      self = .replacedMember(try content.member("node_id", as: NodeID.self))
    case "ExchangedIncarnation":
      self = .exchangedIncarnation(try content.member("node_id", as: NodeID.self))
    case "WitnessMajority":
      self = .witnessMajority(try content.member("node_ids", as: [NodeID].self))
    case "ExchangedRole": self = .exchangedRole(try content.member("node_id", as: NodeID.self))
    default: throw variant.unknown("why there can be no such membership")
    }
  }
}

extension MembershipChangeError: JSONShape {
  /// Writes ``ForwardToLeader``, `{"ChangeMembershipError":…}`,
  /// `{"PreconditionFailed":{"LastMembershipLogIdMismatch":{"expected":…,"actual":…}}}`,
  /// `{"NoQuorum":{"message":…}}`, `{"OutcomeUnknown":{"message":…}}`,
  /// `{"Transferring":…}` with what stands under ``ForwardToLeader``,
  /// `{"NotCaughtUp":{"node_id":4}}` or `{"Fatal":…}`.
  ///
  /// Under `ChangeMembershipError` stands `{"InProgress":{"committed":…,"membership_log_id":…}}` or
  /// the shape of a `MembershipError`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .notLeader(let hint): writer.write(ForwardToLeader(hint))
    case .noQuorum: writer.variant("NoQuorum", message: self)
    case .transferring(let hint):
      ForwardToLeader(hint).write(to: &writer, named: ForwardToLeader.transferring)
    case .inProgress(let committed, let effective):
      writer.object { writer in
        writer.member("ChangeMembershipError") { writer in
          writer.variant("InProgress") { writer in
            writer.member("committed", committed)
            writer.member("membership_log_id", effective)
          }
        }
      }
    case .preconditionFailed(let expected, let actual):
      writer.object { writer in
        writer.member("PreconditionFailed") { writer in
          writer.variant(Self.otherMembership) { writer in
            writer.member("expected", expected)
            writer.member("actual", actual)
          }
        }
      }
    case .invalid(let error): writer.variant("ChangeMembershipError", error)
    case .outcomeUnknown: writer.variant("OutcomeUnknown", message: self)
    case .notCaughtUp(let id): writer.variant("NotCaughtUp") { $0.member("node_id", id) }
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads why a membership was not changed.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case ForwardToLeader.name:
      self = .notLeader(try ForwardToLeader(content: try variant.required()).leader)
    case "NoQuorum": self = .noQuorum
    case ForwardToLeader.transferring:
      self = .transferring(to: try ForwardToLeader.successor(variant.required()))
    case "ChangeMembershipError": self = try Self.changeError(variant.required())
    case "PreconditionFailed":
      let cause = try JSONVariant(try variant.required())
      guard cause.name == Self.otherMembership else {
        throw cause.unknown("the precondition that failed")
      }
      let content = try cause.required()
      self = .preconditionFailed(
        expected: try content.member("expected", as: LogID.self),
        actual: try content.optional("actual", as: LogID.self))
    case "OutcomeUnknown": self = .outcomeUnknown
    case "NotCaughtUp":
      self = .notCaughtUp(try variant.required().member("node_id", as: NodeID.self))
    case NodeFailure.name: self = .stopped(try NodeFailure(json: try variant.required()))
    default: throw variant.unknown("why a membership was not changed")
    }
  }

  private static let otherMembership = "LastMembershipLogIdMismatch"

  private static func changeError(_ json: JSONNode) throws(JSONError) -> Self {
    let variant = try JSONVariant(json)
    guard variant.name == "InProgress" else { return .invalid(try MembershipError(json: json)) }
    let content = try variant.required()
    return .inProgress(
      committed: try content.optional("committed", as: LogID.self),
      effective: try content.optional("membership_log_id", as: LogID.self))
  }
}
