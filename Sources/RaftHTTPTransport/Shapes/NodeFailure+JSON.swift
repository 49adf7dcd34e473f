public import Raft
public import RaftJSON

extension StorageError: JSONShape {
  /// Writes `{"kind":"io","message":…}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("kind", Self.kinds.word(for: self.kind))
      writer.member("message", self.message)
    }
  }

  /// Reads `{"kind":"io","message":…}`.
  public init(json: JSONNode) throws(JSONError) {
    self.init(try Self.kinds.value(of: json["kind"]), try json["message"].string())
  }

  private static let kinds = JSONWords<Kind>(words: [
    "io": .io, "full": .full, "corrupted": .corrupted, "missing": .missing, "locked": .locked,
    "foreign": .foreign, "closed": .closed, "application": .application,
  ])
}

extension NodeFailure: JSONShape {
  /// The name under which a failure stands where a request has other errors too:
  /// `{"Fatal":"Stopped"}`.
  static let name = "Fatal"

  /// Writes `"Stopped"`, `{"StorageError":…}`, `{"StateMachine":{"message":…}}`,
  /// `{"Diverged":{"log_id":…}}` or `{"OtherRole":{"role":"Witness"}}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .shutdown: writer.string("Stopped")
    case .storage(let error): writer.variant("StorageError", error)
    case .stateMachine(let reason): writer.variant("StateMachine", message: reason)
    case .protocolViolated(.diverged(let logID)):
      writer.variant("Diverged") { $0.member("log_id", logID) }
    case .protocolViolated(.otherRole(let role)):
      writer.variant("OtherRole") { $0.member("role", role) }
    }
  }

  /// Reads a failure.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case "Stopped": self = .shutdown
    case "StorageError": self = .storage(try StorageError(json: try variant.required()))
    case "StateMachine": self = .stateMachine(try variant.required()["message"].string())
    case "Diverged":
      let logID = try variant.required().member("log_id", as: LogID.self)
      self = .protocolViolated(.diverged(at: logID))
    case "OtherRole":
      let role = try variant.required().member("role", as: Member.Role.self)
      self = .protocolViolated(.otherRole(than: role))
    default: throw variant.unknown("why a node stopped, such as \"Stopped\"")
    }
  }
}
