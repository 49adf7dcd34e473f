import RaftJSON
import SensorFleetModel
import Testing

@Suite("The configuration of a fleet")
struct ConfigurationTests {
  /// A fleet of so many servers in service, in zones of their own, with its shards.
  static func fleet(
    of count: UInt64, shards: Int = 12, replicas: Int = 2
  ) throws -> FleetConfiguration {
    var fleet = FleetConfiguration()
    for id in 1...count { try Self.add(ServerID(id), to: &fleet) }
    var parameters = PlacementParameters()
    parameters.replicas = replicas
    try fleet.apply(.found(shardCount: shards, parameters), at: 100)
    return fleet
  }

  static func add(_ id: ServerID, to fleet: inout FleetConfiguration) throws {
    try fleet.apply(
      .register(id, zone: "zone-\(id)", address: "127.0.0.1:\(id)", store: "store-\(id)"),
      at: 50)
    try fleet.apply(.started(id, store: "store-\(id)"), at: 51)
  }

  /// Fills everything that is being filled, until nothing moves; returns how many fillings it were.
  static func settle(_ fleet: inout FleetConfiguration) throws -> Int {
    var count = 0
    while let shard = fleet.shards.first(where: { !$0.filling.isEmpty }) {
      let primary = try #require(shard.primary)
      try fleet.apply(
        .filled(shard.shard, shard.epoch, by: primary, shard.filling[0].server), at: 200)
      count += 1
      try #require(count < 1000, "it never comes to rest")
    }
    return count
  }

  @Test("A new fleet has every shard on as many servers as it shall have, primaries spread")
  func founding() throws {
    let fleet = try Self.fleet(of: 5, shards: 40)
    for shard in fleet.shards {
      #expect(shard.epoch == Epoch(1))
      #expect(shard.tenure == Epoch(1))
      #expect(shard.inSync.count == 2)
      #expect(shard.inSync.contains(try #require(shard.primary)))
    }
    for server in fleet.servers {
      #expect(fleet.shards.count { $0.inSync.contains(server.id) } <= 20)
      #expect(fleet.shards.count { $0.primary == server.id } <= 12)
    }
  }

  @Test("Replicas of a shard lie in different zones while there are enough")
  func zones() throws {
    var fleet = FleetConfiguration()
    for id in 1...6 as ClosedRange<UInt64> {
      let zone = "room-\(id % 3)"
      try fleet.apply(
        .register(ServerID(id), zone: zone, address: "a:\(id)", store: "s"), at: id)
      try fleet.apply(.started(ServerID(id), store: "s"), at: id)
    }
    var parameters = PlacementParameters()
    parameters.replicas = 3
    try fleet.apply(.found(shardCount: 30, parameters), at: 20)
    for shard in fleet.shards {
      #expect(Set(shard.inSync.compactMap { fleet.server($0)?.zone }).count == 3)
    }
  }

  @Test("When a server is lost, its replicas in sync take over, and others are filled")
  func loss() throws {
    var fleet = try Self.fleet(of: 5, shards: 40)
    let before = fleet
    try fleet.apply(.lost(ServerID(2), starts: 1), at: 300)
    for (old, new) in zip(before.shards, fleet.shards) {
      guard old.inSync.contains(ServerID(2)) else {
        #expect(old.inSync == new.inSync)
        continue
      }
      #expect(new.epoch == old.epoch.next)
      #expect(new.inSync == old.inSync.filter { $0 != ServerID(2) })
      #expect(new.primary == new.inSync[0])
      #expect(new.tenure == (old.primary == new.primary ? old.tenure : new.epoch))
    }
    #expect(fleet.shardsInMotion == fleet.parameters.shardsInMotion)
    _ = try Self.settle(&fleet)
    #expect(fleet.shards.allSatisfy { $0.inSync.count == 2 })
  }

  @Test("The last replica in sync is never given up; it takes over again when it is back")
  func lastReplica() throws {
    var fleet = try Self.fleet(of: 2, shards: 4)
    try fleet.apply(.lost(ServerID(1), starts: 1), at: 300)
    try fleet.apply(.lost(ServerID(2), starts: 1), at: 301)
    for shard in fleet.shards {
      #expect(shard.primary == nil)
      #expect(shard.inSync == [ServerID(2)])
    }
    // The other one lacks what was acknowledged meanwhile: it gets nothing.
    try fleet.apply(.started(ServerID(1), store: "store-1"), at: 302)
    #expect(fleet.shards.allSatisfy { $0.primary == nil && $0.filling.isEmpty })
    #expect(throws: FleetRefusal.lastInSync(ShardID(0), ServerID(2))) {
      try fleet.apply(.leave(ServerID(2)), at: 303)
    }
    try fleet.apply(.started(ServerID(2), store: "store-2"), at: 304)
    #expect(fleet.shards.allSatisfy { $0.primary == ServerID(2) && $0.isFilling(ServerID(1)) })
  }

  @Test("A server that starts again gives up what it led; alone, it leads in a new epoch")
  func restart() throws {
    var fleet = try Self.fleet(of: 2, shards: 4)
    let old = fleet.shards
    try fleet.apply(.started(ServerID(1), store: "store-1"), at: 300)
    for (old, new) in zip(old, fleet.shards) {
      #expect(new.primary == ServerID(2))
      #expect(new.inSync == old.inSync)
    }
    try fleet.apply(.lost(ServerID(1), starts: 2), at: 301)
    let epochs = fleet.shards.map(\.epoch)
    try fleet.apply(.started(ServerID(2), store: "store-2"), at: 302)
    for (epoch, shard) in zip(epochs, fleet.shards) {
      #expect(shard.primary == ServerID(2))
      #expect(shard.tenure == epoch.next)
    }
  }

  @Test("Who leaves keeps its replicas until others are filled, and is then forgotten")
  func leaving() throws {
    var fleet = try Self.fleet(of: 4, shards: 16)
    try fleet.apply(.leave(ServerID(3)), at: 300)
    #expect(fleet.server(ServerID(3))?.state == .leaving)
    #expect(fleet.shardsInMotion == fleet.parameters.shardsInMotion)
    #expect(try Self.settle(&fleet) > 0)
    #expect(fleet.server(ServerID(3)) == nil)
    #expect(fleet.shards.allSatisfy { $0.inSync.count == 2 && !$0.members.contains(ServerID(3)) })
  }

  @Test("Who joins gets about its share, and little else moves")
  func joining() throws {
    var fleet = try Self.fleet(of: 4, shards: 60)
    try Self.add(ServerID(5), to: &fleet)
    let moved = try Self.settle(&fleet)
    let share = fleet.shards.count { $0.inSync.contains(ServerID(5)) }
    #expect((12...30).contains(share))
    #expect(moved <= share + 24, "\(moved) fillings for a share of \(share)")
    var rounds = 0
    while fleet.placement.servers.enumerated().contains(where: {
      $0.element.first != fleet.shards[$0.offset].primary
    }) {
      try fleet.apply(.balance, at: 400)
      rounds += 1
      try #require(rounds < 60)
    }
  }

  @Test("A configuration and every command are the same after their way through bytes")
  func codec() throws {
    var fleet = try Self.fleet(of: 3, shards: 6)
    try fleet.apply(.lost(ServerID(1), starts: 1), at: 300)
    #expect(try FleetConfiguration(json: JSONDocument(fleet.bytes).root) == fleet)
    let shard = ShardID(3)
    for command in [
      .found(shardCount: 8, PlacementParameters()),
      .register(ServerID(9), zone: "attic", address: "h:1", store: "x"),
      .started(ServerID(9), store: "x"), .lost(ServerID(9), starts: 4), .leave(ServerID(9)),
      .shrink(shard, Epoch(5), by: ServerID(1), without: ServerID(2)),
      .filled(shard, Epoch(5), by: ServerID(1), ServerID(2)),
      .setParameters(PlacementParameters()), .balance,
    ] as [FleetCommand] {
      var writer = JSONWriter()
      writer.write(command)
      #expect(try FleetCommand(json: JSONDocument(writer.finish()).root) == command)
    }
  }

  @Test("What does not fit is refused with the reason, and changes nothing")
  func refusals() throws {
    var fleet = try Self.fleet(of: 3, shards: 6)
    let shard = fleet.shards[0]
    let primary = try #require(shard.primary)
    let backup = try #require(shard.inSync.first { $0 != primary })
    let other = try #require(fleet.servers.map(\.id).first { !shard.inSync.contains($0) })
    for (command, refusal) in [
      (.found(shardCount: 1, PlacementParameters()), .alreadyFounded),
      (
        .register(ServerID(1), zone: "z", address: "a", store: "another"),
        .otherStore(ServerID(1), expected: "store-1")
      ),
      (.started(ServerID(8), store: "x"), .unknownServer(ServerID(8))),
      (.lost(ServerID(1), starts: 0), .startedSince(ServerID(1))),
      (
        .shrink(shard.shard, Epoch(9), by: primary, without: backup),
        .staleEpoch(shard.shard, current: shard.epoch)
      ),
      (
        .shrink(shard.shard, shard.epoch, by: backup, without: primary),
        .notPrimary(shard.shard, primary: primary)
      ),
      (
        .shrink(shard.shard, shard.epoch, by: primary, without: primary),
        .lastInSync(shard.shard, primary)
      ),
      (
        .shrink(shard.shard, shard.epoch, by: primary, without: other),
        .notInSync(shard.shard, other)
      ),
      (
        .filled(shard.shard, shard.epoch, by: primary, other), .notFilling(shard.shard, other)
      ),
      (
        .filled(ShardID(77), shard.epoch, by: primary, other), .unknownShard(ShardID(77))
      ),
    ] as [(FleetCommand, FleetRefusal)] {
      let before = fleet
      #expect(throws: refusal) { try fleet.apply(command, at: 300) }
      #expect(fleet == before)
    }
  }
}
