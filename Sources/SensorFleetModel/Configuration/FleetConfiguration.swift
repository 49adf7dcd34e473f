/// Who serves and who holds which shard: the state that the servers agree on.
///
/// A value: the same commands in the same order give the same configuration everywhere. Readings
/// are none of it.
package struct FleetConfiguration: Equatable, Sendable {
  /// How many changes of assignments are kept.
  package static let historyMax = 4096
  /// How many shards there may be.
  package static let shardsMax = 4096

  /// What tells this fleet from others: the store of its first server; empty before there is one.
  package internal(set) var name = ""
  /// What placement aims at.
  package internal(set) var parameters = PlacementParameters()
  /// The servers, in order of their numbers.
  package internal(set) var servers: [FleetServer] = []
  /// The shards, in order; empty before the founding.
  package internal(set) var shards: [ShardAssignment] = []
  /// The latest changes of assignments, the oldest first.
  package internal(set) var history: [EpochChange] = []
  /// How many changes there were in all.
  package internal(set) var changeCount: UInt64 = 0
  /// Stands for all changes so far: equal histories have equal ones.
  package internal(set) var fingerprint: UInt64 = 0

  /// Nobody serves, and there are no shards.
  package init() {}

  /// The server with this number.
  package func server(_ id: ServerID) -> FleetServer? {
    self.servers.first { $0.id == id }
  }

  /// The shard with this number.
  package func shard(_ id: ShardID) -> ShardAssignment? {
    id.rawValue < self.shards.count ? self.shards[id.rawValue] : nil
  }

  /// The shard of a device; `nil` before the founding.
  package func shard(of device: String) -> ShardAssignment? {
    guard !self.shards.isEmpty else { return nil }
    return self.shards[ShardID(of: device, among: self.shards.count).rawValue]
  }

  /// Where the replicas should be.
  package var placement: Placement {
    Placement(
      shardCount: self.shards.count, on: self.servers.filter { $0.state == .inService },
      self.parameters)
  }

  /// How many shards have a replica that is being filled.
  package var shardsInMotion: Int { self.shards.count { !$0.filling.isEmpty } }

  /// Changes the configuration, or says why not.
  ///
  /// - Parameters:
  ///   - command: The wish.
  ///   - index: The command's place in the log.
  /// - Throws: ``FleetRefusal``; nothing was changed.
  package mutating func apply(
    _ command: FleetCommand, at index: UInt64
  ) throws(FleetRefusal) {
    var change = Change(self, index: index)
    switch command {
    case .found(let count, let parameters): try change.found(count, parameters)
    case .register(let id, let zone, let address, let store):
      try change.register(id, zone: zone, address: address, store: store)
    case .started(let id, let store): try change.started(id, store: store)
    case .lost(let id, let starts): try change.lost(id, starts: starts)
    case .leave(let id): try change.leave(id)
    case .shrink(let shard, let epoch, let by, let server):
      try change.shrink(shard, epoch, by: by, without: server)
    case .filled(let shard, let epoch, let by, let server):
      try change.filled(shard, epoch, by: by, server)
    case .setParameters(let parameters): try change.setParameters(parameters)
    case .balance: try change.balance()
    }
    change.rebalance()
    self = change.finish()
  }

  /// The state in one number: equal states have equal ones.
  package var digest: UInt64 {
    var digest = StableHash.of(self.fingerprint, self.changeCount)
    digest = StableHash.of(digest, StableHash.of(self.name))
    for server in self.servers {
      let text = "\(server.id) \(server.state.rawValue) \(server.starts) \(server.zone)"
      digest = StableHash.of(digest, StableHash.of("\(text) \(server.address) \(server.store)"))
    }
    digest = StableHash.of(digest, UInt64(self.parameters.replicas))
    digest = StableHash.of(digest, UInt64(self.parameters.shardsInMotion))
    return StableHash.of(digest, UInt64(self.parameters.loadPercent))
  }
}
