/// Where the replicas of all shards should be, whatever holds them now.
///
/// Rendezvous hashing with bounded load: each shard ranks the servers by a hash of both, and goes
/// to the first ones that have room. So a server that comes or goes moves little more than its own
/// share. As long as there are enough zones, no two replicas of a shard share one.
package struct Placement: Equatable, Sendable {
  /// For each shard the servers that should hold it; the first one should be its primary.
  package let servers: [[ServerID]]

  /// Places so many shards on these servers.
  package init(
    shardCount: Int, on servers: [FleetServer], _ parameters: PlacementParameters
  ) {
    let each = min(parameters.replicas, servers.count)
    let room = Self.room(shardCount * each, on: servers.count, parameters.loadPercent)
    let firstRoom = Self.room(shardCount, on: servers.count, parameters.loadPercent)
    var load: [ServerID: Int] = [:]
    var firstLoad: [ServerID: Int] = [:]
    var placed: [[ServerID]] = []
    for shard in 0..<shardCount {
      let ranked = Self.ranking(of: ShardID(shard), among: servers)
      var chosen: [FleetServer] = []
      // Who has room, in a zone of its own; then who has room; then anybody.
      let wishes: [(FleetServer) -> Bool] = [
        { server in
          load[server.id, default: 0] < room && !chosen.contains { $0.zone == server.zone }
        },
        { server in !chosen.contains { $0.zone == server.zone } },
        { server in load[server.id, default: 0] < room },
        { _ in true },
      ]
      for wish in wishes {
        for server in ranked where chosen.count < each {
          if !chosen.contains(server), wish(server) { chosen.append(server) }
        }
      }
      for server in chosen { load[server.id, default: 0] += 1 }
      var ids = chosen.map(\.id)
      if let first = ids.firstIndex(where: { firstLoad[$0, default: 0] < firstRoom }) {
        ids.swapAt(0, first)
      }
      if let first = ids.first { firstLoad[first, default: 0] += 1 }
      placed.append(ids)
    }
    self.servers = placed
  }

  /// The servers in the order in which a shard prefers them.
  package static func ranking(of shard: ShardID, among servers: [FleetServer]) -> [FleetServer] {
    servers.map { ($0, StableHash.of(UInt64(shard.rawValue), $0.id.rawValue)) }
      .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.id < $1.0.id }
      .map(\.0)
  }

  /// How many of so many pieces one server may hold.
  private static func room(_ pieces: Int, on servers: Int, _ percent: Int) -> Int {
    guard servers > 0 else { return 0 }
    let share = pieces * percent
    return (share + servers * 100 - 1) / (servers * 100)
  }
}
