public import Raft
public import RaftJSON

extension VoteRequest: JSONShape {
  /// Writes `{"vote":…,"last_log_id":…,"leadership_transfer":false}`, and in a transfer
  /// `transferred_from`, the vote of the leader that asked for it.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("vote", self.vote)
      writer.member("last_log_id", self.lastLogID)
      writer.member("leadership_transfer", self.transferredFrom != nil)
      if let leader = self.transferredFrom { writer.member("transferred_from", leader) }
    }
  }

  /// Reads a question for a vote; a transfer from nobody in particular is an ordinary one.
  public init(json: JSONNode) throws(JSONError) {
    let isTransfer = try json.optional("leadership_transfer")?.bool() ?? false
    let leader = try json.optional("transferred_from", as: Vote.self)
    guard leader == nil || isTransfer else {
      throw json.mismatch(expected: "\"leadership_transfer\":true beside \"transferred_from\"")
    }
    self.init(
      vote: try json.member("vote", as: Vote.self),
      lastLogID: try json.optional("last_log_id", as: LogID.self), transferredFrom: leader)
  }
}

extension VoteResponse: JSONShape {
  /// Writes `{"vote":…,"vote_granted":true,"last_log_id":…}`, `incarnation` if it is stated, and
  /// `excluded_by` if the candidate is no member.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("vote", self.vote)
      writer.member("vote_granted", self.isGranted)
      writer.member("last_log_id", self.lastLogID)
      if let incarnation = self.incarnation { writer.member("incarnation", incarnation) }
      if let entry = self.excludedBy { writer.member("excluded_by", entry) }
    }
  }

  /// Reads the answer to a question for a vote.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      vote: try json.member("vote", as: Vote.self), isGranted: try json["vote_granted"].bool(),
      lastLogID: try json.optional("last_log_id", as: LogID.self),
      incarnation: try json.optional("incarnation", as: Incarnation.self),
      excludedBy: try json.optional("excluded_by", as: LogID.self))
  }
}

extension TransferRequest: JSONShape {
  /// Writes `{"from_leader":…,"to_node_id":2,"last_log_id":…}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("from_leader", self.from)
      writer.member("to_node_id", self.to)
      writer.member("last_log_id", self.lastLogID)
    }
  }

  /// Reads a wish for a take-over.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      from: try json.member("from_leader", as: Vote.self),
      to: try json.member("to_node_id", as: NodeID.self),
      lastLogID: try json.optional("last_log_id", as: LogID.self))
  }
}

extension TransferResponse: JSONShape {
  /// Writes `{"Ok":null}`, or under `Err` either `{"VoteChanged":{"expected":…,"actual":…}}` or
  /// `{"LogNotFlushed":{"expected":…,"actual":…}}`.
  public func write(to writer: inout JSONWriter) {
    func refusal(_ name: String, expected: some JSONWritable, actual: some JSONWritable) {
      writer.object { writer in
        writer.member("Err") { writer in
          writer.variant(name) { writer in
            writer.member("expected", expected)
            writer.member("actual", actual)
          }
        }
      }
    }
    switch self {
    case .accepted: writer.variant("Ok", JSON.null)
    case .voteChanged(let expected, let actual):
      refusal("VoteChanged", expected: expected, actual: actual)
    case .logNotFlushed(let expected, let actual):
      refusal("LogNotFlushed", expected: expected, actual: actual)
    }
  }

  /// Reads the answer to a wish for a take-over.
  public init(json: JSONNode) throws(JSONError) {
    let outer = try JSONVariant(json)
    switch outer.name {
    case "Ok":
      _ = try outer.required()
      self = .accepted
    case "Err":
      let inner = try JSONVariant(outer.required())
      let content = try inner.required()
      switch inner.name {
      case "VoteChanged":
        self = .voteChanged(
          expected: try content.member("expected", as: Vote.self),
          actual: try content.member("actual", as: Vote.self))
      case "LogNotFlushed":
        self = .logNotFlushed(
          expected: try content.optional("expected", as: LogID.self),
          actual: try content.optional("actual", as: LogID.self))
      default: throw inner.unknown("why a transfer was refused")
      }
    default: throw outer.unknown("{\"Ok\":null} or {\"Err\":…}")
    }
  }
}
