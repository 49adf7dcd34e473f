import SensorFleetModel
import Testing

@Suite("Whatever is asked, in whatever order", .serialized)
struct RandomCommandsTests {
  /// A command that somebody could ask for now, sensible or not.
  private static func command(_ dice: inout Dice, for fleet: FleetConfiguration) -> FleetCommand {
    let id = ServerID(UInt64(dice.roll(7) + 1))
    let store = dice.roll(20) == 0 ? "other" : "store-\(id)"
    let shard = dice.pick(fleet.shards) ?? ShardAssignment(ShardID(0))
    let epoch = dice.roll(10) == 0 ? Epoch(UInt64(dice.roll(9))) : shard.epoch
    let by = dice.roll(10) == 0 ? id : shard.primary ?? id
    switch dice.roll(12) {
    case 0: return .register(id, zone: "z\(dice.roll(3))", address: "a:\(id)", store: store)
    case 1, 2: return .started(id, store: store)
    case 3: return .lost(id, starts: fleet.server(id)?.starts ?? 0)
    case 4: return dice.roll(3) == 0 ? .leave(id) : .balance
    case 5: return .shrink(shard.shard, epoch, by: by, without: dice.pick(shard.inSync) ?? id)
    case 6:
      var parameters = PlacementParameters()
      parameters.replicas = dice.roll(5)
      parameters.shardsInMotion = dice.roll(4)
      return .setParameters(parameters)
    default:
      return .filled(shard.shard, epoch, by: by, shard.filling.first?.server ?? id)
    }
  }

  /// What must hold between one configuration and the next.
  private static func check(
    _ old: FleetConfiguration, _ new: FleetConfiguration, _ command: FleetCommand
  ) {
    for (before, after) in zip(old.shards, new.shards) {
      #expect(!after.inSync.isEmpty, "\(before) became \(after)")
      #expect(after.inSync == Set(after.inSync).sorted())
      #expect(after.epoch >= before.epoch)
      if after.epoch == before.epoch { #expect(after == before) }
      if after != before { #expect(after.epoch == before.epoch.next) }
      if let primary = after.primary {
        #expect(after.inSync.contains(primary))
        #expect(new.server(primary)?.isServing == true)
        // Only who was in sync takes over, or is so by this very command.
        if primary != before.primary, !before.inSync.contains(primary) {
          #expect(
            command
              == .filled(before.shard, before.epoch, by: before.primary ?? primary, primary))
        }
      } else {
        #expect(after.inSync.count == 1)
        #expect(after.filling.isEmpty)
      }
      #expect(
        (after.tenure == before.tenure)
          == (after.epoch == before.epoch
            || (after.primary == before.primary && after.tenure < after.epoch)))
      // Only who was in sync or filled is in sync.
      #expect(Set(after.inSync).isSubset(of: before.members))
      #expect(Set(after.inSync).isDisjoint(with: after.filling.map(\.server)))
    }
    if new.shardsInMotion > old.shardsInMotion {
      #expect(new.shardsInMotion <= new.parameters.shardsInMotion)
    }
    #expect(new.history.count <= FleetConfiguration.historyMax)
  }

  @Test("The rules hold, and the same log gives the same assignment", arguments: 1...12)
  func invariants(seed: UInt64) async throws {
    var dice = Dice(seed: seed)
    var fleet = try ConfigurationTests.fleet(of: 5, shards: 9, replicas: Int(seed % 3) + 1)
    var copy = fleet
    var taken = 0
    for index in 200..<600 as Range<UInt64> {
      // Other tests have their turns in between.
      await Task.yield()
      let command = Self.command(&dice, for: fleet)
      let before = fleet
      do throws(FleetRefusal) {
        try fleet.apply(command, at: index)
        taken += 1
        Self.check(before, fleet, command)
      } catch {
        #expect(fleet == before)
      }
      try? copy.apply(command, at: index)
      #expect(copy == fleet)
      #expect(copy.digest == fleet.digest)
    }
    #expect(taken > 100)
  }
}
