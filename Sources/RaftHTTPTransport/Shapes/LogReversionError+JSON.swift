public import Raft
public import RaftJSON

extension LogReversionError: JSONShape {
  /// Writes ``ForwardToLeader``, `{"NothingLost":{"node_id":2}}` or `{"Fatal":…}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .notLeader(let hint): writer.write(ForwardToLeader(hint))
    case .nothingLost(let id): writer.variant("NothingLost") { $0.member("node_id", id) }
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads why a peer was not let start over.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case ForwardToLeader.name:
      self = .notLeader(try ForwardToLeader(content: try variant.required()).leader)
    case "NothingLost":
      self = .nothingLost(try variant.required().member("node_id", as: NodeID.self))
    case NodeFailure.name: self = .stopped(try NodeFailure(json: try variant.required()))
    default: throw variant.unknown("why a peer was not let start over")
    }
  }
}
