package import RaftJSON

/// A wish to change who serves and who holds what.
package enum FleetCommand: Hashable, Sendable {
  /// Make the shards, and place them on the servers in service.
  case found(shardCount: Int, PlacementParameters)
  /// Know this server; if it is known already, its zone and address may have changed.
  case register(ServerID, zone: String, address: String, store: String)
  /// The server's process runs from now on; whatever it led before, it leads no more.
  case started(ServerID, store: String)
  /// Nobody hears the server since it started so often.
  case lost(ServerID, starts: UInt64)
  /// Have others take over the server's replicas, then forget it.
  case leave(ServerID)
  /// The primary cannot reach a replica, in sync or being filled, and goes on without it.
  case shrink(ShardID, Epoch, by: ServerID, without: ServerID)
  /// The primary has filled a replica, and acknowledges nothing without it since it asks.
  case filled(ShardID, Epoch, by: ServerID, ServerID)
  /// Aim at something else.
  case setParameters(PlacementParameters)
  /// Let the preferred replicas be primaries, a few at a time.
  case balance
}

extension FleetCommand: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    func server(_ name: String = "server") throws(JSONError) -> ServerID {
      try ServerID(json: json[name])
    }
    func change() throws(JSONError) -> (ShardID, Epoch, ServerID, ServerID) {
      (
        try ShardID(json: json["shard"]), try Epoch(json: json["epoch"]), try server("by"),
        try server()
      )
    }
    switch try json["command"].string() {
    case "found":
      self = .found(
        shardCount: try json["shards"].int(), try PlacementParameters(json: json["parameters"]))
    case "register":
      self = .register(
        try server(), zone: try json["zone"].string(), address: try json["address"].string(),
        store: try json["store"].string())
    case "started": self = .started(try server(), store: try json["store"].string())
    case "lost": self = .lost(try server(), starts: try json["starts"].uint64())
    case "leave": self = .leave(try server())
    case "shrink":
      let (shard, epoch, by, server) = try change()
      self = .shrink(shard, epoch, by: by, without: server)
    case "filled":
      let (shard, epoch, by, server) = try change()
      self = .filled(shard, epoch, by: by, server)
    case "set_parameters":
      self = .setParameters(try PlacementParameters(json: json["parameters"]))
    case "balance": self = .balance
    default: throw try json["command"].mismatch(expected: "a command of the fleet")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("command", self.name)
      switch self {
      case .found(let count, let parameters):
        writer.member("shards", count)
        writer.member("parameters", parameters)
      case .register(let server, let zone, let address, let store):
        writer.member("server", server)
        writer.member("zone", zone)
        writer.member("address", address)
        writer.member("store", store)
      case .started(let server, let store):
        writer.member("server", server)
        writer.member("store", store)
      case .lost(let server, let starts):
        writer.member("server", server)
        writer.member("starts", starts)
      case .leave(let server):
        writer.member("server", server)
      case .shrink(let shard, let epoch, let by, let server),
        .filled(let shard, let epoch, let by, let server):
        writer.member("shard", shard)
        writer.member("epoch", epoch)
        writer.member("by", by)
        writer.member("server", server)
      case .setParameters(let parameters):
        writer.member("parameters", parameters)
      case .balance:
        break
      }
    }
  }

  /// How the command is called.
  package var name: String {
    switch self {
    case .found: "found"
    case .register: "register"
    case .started: "started"
    case .lost: "lost"
    case .leave: "leave"
    case .shrink: "shrink"
    case .filled: "filled"
    case .setParameters: "set_parameters"
    case .balance: "balance"
    }
  }
}
