package import RaftJSON

/// A server as the configuration knows it.
package struct FleetServer: Hashable, Sendable {
  /// What may be placed on it.
  package enum State: String, CaseIterable, Sendable {
    /// It is known, and has not said yet that it serves.
    case joining
    /// It serves.
    case inService = "in_service"
    /// It serves until others have all of its replicas.
    case leaving
    /// Nobody hears it.
    case failed
  }

  /// Its number.
  package let id: ServerID
  /// What it shares with others that may fail together: a rack, a room, a site.
  package var zone: String
  /// Where clients and the other servers reach it.
  package var address: String
  /// The name of its data folder's content; another content is another server.
  package let store: String
  /// What may be placed on it.
  package var state: State
  /// How often it has said that it serves.
  package var starts: UInt64 = 0

  /// A server that is not in service yet.
  package init(id: ServerID, zone: String, address: String, store: String) {
    self.id = id
    self.zone = zone
    self.address = address
    self.store = store
    self.state = .joining
  }

  /// Whether it may be the primary of a shard.
  package var isServing: Bool { self.state == .inService || self.state == .leaving }
}

extension FleetServer: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.id = try ServerID(json: json["id"])
    self.zone = try json["zone"].string()
    self.address = try json["address"].string()
    self.store = try json["store"].string()
    guard let state = State(rawValue: try json["state"].string()) else {
      throw try json["state"].mismatch(expected: "the state of a server")
    }
    self.state = state
    self.starts = try json["starts"].uint64()
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", self.id)
      writer.member("zone", self.zone)
      writer.member("address", self.address)
      writer.member("store", self.store)
      writer.member("state", self.state.rawValue)
      writer.member("starts", self.starts)
    }
  }
}
