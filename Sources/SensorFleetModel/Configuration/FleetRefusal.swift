package import RaftJSON

/// Why a command changed nothing; each has a code of its own on the wire.
package enum FleetRefusal: Error, Hashable, Sendable {
  /// The fleet has its shards already.
  case alreadyFounded
  /// The fleet has no shards yet.
  case notFounded
  /// Something that was given lies outside of its range.
  case badParameters(String)
  /// No server has this number.
  case unknownServer(ServerID)
  /// No shard has this number.
  case unknownShard(ShardID)
  /// The server of this number has another data folder.
  case otherStore(ServerID, expected: String)
  /// The server has started again since.
  case startedSince(ServerID)
  /// The shard's assignment is another one by now.
  case staleEpoch(ShardID, current: Epoch)
  /// Only the primary may ask for this.
  case notPrimary(ShardID, primary: ServerID?)
  /// The server is not in sync.
  case notInSync(ShardID, ServerID)
  /// The server is not being filled.
  case notFilling(ShardID, ServerID)
  /// Nobody else holds all of the shard.
  case lastInSync(ShardID, ServerID)
  /// The server is not in service.
  case notInService(ServerID)
  /// Another server said so: the code, and the text.
  case told(code: String, String)
}

extension FleetRefusal: CustomStringConvertible {
  /// What is wrong, and what to do.
  package var description: String {
    switch self {
    case .alreadyFounded: "the fleet has its shards already"
    case .notFounded: "the fleet has no shards yet: found it first"
    case .badParameters(let fault): fault
    case .unknownServer(let id): "there is no server \(id)"
    case .unknownShard(let id): "there is no shard \(id)"
    case .otherStore(let id, let expected):
      "server \(id) has the data folder '\(expected)'; give a new folder a new number"
    case .startedSince(let id): "server \(id) has started again meanwhile"
    case .staleEpoch(let shard, let current): "shard \(shard) is in epoch \(current) by now"
    case .notPrimary(let shard, let primary):
      "the primary of shard \(shard) is \(primary.map { "server \($0)" } ?? "missing")"
    case .notInSync(let shard, let id): "server \(id) is not in sync with shard \(shard)"
    case .notFilling(let shard, let id): "server \(id) is not being filled with shard \(shard)"
    case .lastInSync(let shard, let id):
      "server \(id) alone holds all of shard \(shard): bring it back, or another replica first"
    case .notInService(let id): "server \(id) is not in service"
    case .told(_, let text): text
    }
  }

  /// The code on the wire.
  package var code: String {
    switch self {
    case .alreadyFounded: "already_founded"
    case .notFounded: "not_founded"
    case .badParameters: "bad_parameters"
    case .unknownServer: "unknown_server"
    case .unknownShard: "unknown_shard"
    case .otherStore: "other_store"
    case .startedSince: "started_since"
    case .staleEpoch: "stale_epoch"
    case .notPrimary: "not_primary"
    case .notInSync: "not_in_sync"
    case .notFilling: "not_filling"
    case .lastInSync: "last_in_sync"
    case .notInService: "not_in_service"
    case .told(let code, _): code
    }
  }
}

extension FleetRefusal: JSONWritable {
  /// Reads what another server says.
  package static func told(_ json: JSONNode) throws(JSONError) -> FleetRefusal {
    .told(code: try json["code"].string(), try json["message"].string())
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("code", self.code)
      writer.member("message", self.description)
    }
  }
}
