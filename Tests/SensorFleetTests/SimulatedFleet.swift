import Raft
import RaftJSON

@testable import SensorFleetModel
@testable import sensor_fleet

/// The fleet's machine in simulated nodes, if wanted with a mistake.
struct SimulatedFleet: StateMachine {
  /// A mistake that the simulator must notice.
  enum Flaw: CaseIterable {
    /// Who runs the machine decides what a command does.
    case dependsOnTheNode
    /// A snapshot lacks something.
    case forgetsInSnapshots
    /// A server takes over that is not in sync.
    case promotesOutsiders
    /// The last replica in sync is given up with its server.
    case givesUpTheLast
    /// A restarted primary goes on in its epoch.
    case keepsTheEpoch
  }

  /// What is asked for: a command as it is, or one about whatever moves just then.
  enum Wish: Sendable {
    case plain(FleetCommand)
    case fill(Int)
    case shrink(Int)

    /// The command that it means now.
    func command(in fleet: FleetConfiguration) -> FleetCommand? {
      switch self {
      case .plain(let command): return command
      case .fill(let number):
        let moving = fleet.shards.filter { !$0.filling.isEmpty }
        guard !moving.isEmpty else { return nil }
        let shard = moving[number % moving.count]
        guard let primary = shard.primary else { return nil }
        return .filled(shard.shard, shard.epoch, by: primary, shard.filling[0].server)
      case .shrink(let number):
        let wide = fleet.shards.filter { $0.inSync.count > 1 }
        guard !wide.isEmpty else { return nil }
        let shard = wide[number % wide.count]
        guard let primary = shard.primary, let other = shard.inSync.first(where: { $0 != primary })
        else { return nil }
        return .shrink(shard.shard, shard.epoch, by: primary, without: other)
      }
    }
  }

  var machine = FleetMachine { _, _ in }
  let node: NodeID
  let flaw: Flaw?

  var digest: UInt64? { self.machine.digest }

  static func encode(_ wish: Wish, into writer: inout PayloadWriter) {
    switch wish {
    case .plain(let command):
      writer.write(UInt8(0))
      FleetMachine.encode(command, into: &writer)
    case .fill(let number):
      writer.write(UInt8(1))
      writer.write(UInt8(number))
    case .shrink(let number):
      writer.write(UInt8(2))
      writer.write(UInt8(number))
    }
  }

  static func decode(_ payload: PayloadReader) throws -> Wish {
    let bytes = payload.bytes
    switch bytes[0] {
    case 0: return .plain(try FleetMachine.decode(PayloadReader(bytes[1...])))
    case 1: return .fill(Int(bytes[1]))
    default: return .shrink(Int(bytes[1]))
    }
  }

  mutating func apply(_ wish: Wish, in context: ApplyContext) -> UInt64 {
    guard let command = wish.command(in: self.machine.configuration) else { return 0 }
    if self.flaw == .dependsOnTheNode, self.node.rawValue % 2 == 0, command == .balance {
      return 0
    }
    let before = self.machine.configuration
    let receipt = self.machine.apply(command, in: context)
    if receipt.refusal == nil { self.err(command, after: before) }
    return receipt.index
  }

  /// Does what the mistake does.
  private mutating func err(_ command: FleetCommand, after before: FleetConfiguration) {
    var fleet = self.machine.configuration
    for place in fleet.shards.indices where place < before.shards.count {
      switch (self.flaw, command) {
      case (.promotesOutsiders, .lost):
        guard let outsider = fleet.shards[place].filling.first?.server else { continue }
        fleet.shards[place].primary = outsider
      case (.givesUpTheLast, .lost(let id, _)) where fleet.shards[place].inSync == [id]:
        fleet.shards[place].inSync = []
      case (.keepsTheEpoch, .started) where fleet.shards[place] != before.shards[place]:
        fleet.shards[place].epoch = before.shards[place].epoch
        fleet.history.removeAll {
          $0.assignment.shard.rawValue == place && $0.assignment.epoch > before.shards[place].epoch
        }
        fleet.history.append(
          EpochChange(index: 0, cause: "mistake", assignment: fleet.shards[place]))
      default: continue
      }
    }
    self.machine.configuration = fleet
  }

  func freeze() -> any FrozenState { self.machine.freeze() }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    try await self.machine.restore(from: snapshot, reading: content)
    guard self.flaw == .forgetsInSnapshots else { return }
    for place in self.machine.configuration.servers.indices {
      self.machine.configuration.servers[place].starts = 0
    }
  }
}
