public import Raft
public import RaftJSON

extension ContactRefusal: JSONShape {
  /// Writes `{"UnknownProtocol":{"version":2,"newest_known":1}}`,
  /// `{"WrongNode":{"meant":2,"reached":3}}`, `{"WrongIncarnation":{"meant":…,"reached":…}}`,
  /// `{"WrongCluster":{"theirs":…,"ours":…}}`, `{"WrongLeadershipRule":{"theirs":0,"ours":1}}` or
  /// `{"OwnMessage":{"node_id":1}}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .unknownProtocol(let version, let newestKnown):
      writer.variant("UnknownProtocol") { writer in
        writer.member("version", UInt64(version))
        writer.member("newest_known", UInt64(newestKnown))
      }
    case .wrongNode(let meant, let reached):
      writer.variant("WrongNode") { writer in
        writer.member("meant", meant)
        writer.member("reached", reached)
      }
    case .wrongIncarnation(let meant, let reached):
      writer.variant("WrongIncarnation") { writer in
        writer.member("meant", meant)
        writer.member("reached", reached)
      }
    case .wrongCluster(let theirs, let ours):
      writer.variant("WrongCluster") { writer in
        writer.member("theirs", theirs)
        writer.member("ours", ours)
      }
    case .wrongLeadershipRule(let theirs, let ours):
      writer.variant("WrongLeadershipRule") { writer in
        writer.member("theirs", UInt64(theirs.rawValue))
        writer.member("ours", UInt64(ours.rawValue))
      }
    case .ownMessage(let id): writer.variant("OwnMessage") { $0.member("node_id", id) }
    }
  }

  /// Reads why a message was not taken.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    let content = try variant.required()
    switch variant.name {
    case "UnknownProtocol":
      self = .unknownProtocol(
        version: try content["version"].integer(as: UInt32.self),
        newestKnown: try content["newest_known"].integer(as: UInt32.self))
    case "WrongNode":
      self = .wrongNode(
        meant: try content.member("meant", as: NodeID.self),
        reached: try content.member("reached", as: NodeID.self))
    case "WrongIncarnation":
      self = .wrongIncarnation(
        meant: try content.member("meant", as: Incarnation.self),
        reached: try content.member("reached", as: Incarnation.self))
    case "WrongCluster":
      self = .wrongCluster(
        theirs: try content.member("theirs", as: ClusterID.self),
        ours: try content.member("ours", as: ClusterID.self))
    case "WrongLeadershipRule":
      self = .wrongLeadershipRule(
        theirs: try Self.rule(content["theirs"]), ours: try Self.rule(content["ours"]))
    case "OwnMessage": self = .ownMessage(try content.member("node_id", as: NodeID.self))
    default: throw variant.unknown("why a message was not taken")
    }
  }
}

extension ContactRefusal {
  private static func rule(_ json: JSONNode) throws(JSONError) -> LeadershipRule {
    guard let rule = LeadershipRule(rawValue: try json.integer(as: UInt8.self)) else {
      throw json.mismatch(expected: "0 or 1, the number of a leadership rule")
    }
    return rule
  }
}

extension RequestError: JSONShape {
  /// Writes `{"Refused":…}` with the shape of a `ContactRefusal`, `{"Malformed":{"message":…}}`,
  /// `{"Busy":{"message":…}}`, `{"Interrupted":…}` with the shape of a `StorageError`, or
  /// `{"Fatal":…}`.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .refused(let refusal): writer.variant("Refused", refusal)
    case .malformed: writer.variant("Malformed", message: self)
    case .busy: writer.variant("Busy", message: self)
    case .interrupted(let error): writer.variant("Interrupted", error)
    case .stopped(let failure): writer.variant(NodeFailure.name, failure)
    }
  }

  /// Reads why a message was not handled.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    let content = try variant.required()
    switch variant.name {
    case "Refused": self = .refused(try ContactRefusal(json: content))
    case "Malformed": self = .malformed
    case "Busy": self = .busy
    case "Interrupted": self = .interrupted(try StorageError(json: content))
    case NodeFailure.name: self = .stopped(try NodeFailure(json: content))
    default: throw variant.unknown("why a message was not handled")
    }
  }
}
