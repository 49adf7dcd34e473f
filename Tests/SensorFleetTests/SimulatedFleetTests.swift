import Raft
import RaftSimulator
import SensorFleetModel
import TestPace
import Testing

@testable import sensor_fleet

@Suite("The fleet's machine in simulated clusters", .longRun, .serialized)
struct SimulatedFleetTests {
  @Test("All servers agree on the assignment at each place of the log, whatever happens to them")
  func agreement() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      var met = Coverage()
      for seed in 1...3 as ClosedRange<UInt64> {
        let report = SimulatedFleetTests.run(seed, flaw: nil)
        if let violation = report.violation { fatalError("\(violation)") }
        met.add(report.coverage)
      }
      #expect(met.crashes > 3 && met.snapshotsBuilt > 3 && met.writesAcknowledged > 300)
    }
  }

  @Test("Each mistake of the machine is noticed")
  func mistakes() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      for flaw in SimulatedFleet.Flaw.allCases {
        let isNoticed = (1...12 as ClosedRange<UInt64>).contains { seed in
          SimulatedFleetTests.run(seed, flaw: flaw).violation != nil
        }
        #expect(isNoticed, "nobody noticed \(flaw)")
      }
    }
  }

  /// A run of whole nodes whose machine is the fleet's.
  static func run(_ seed: UInt64, flaw: SimulatedFleet.Flaw?) -> SimulationReport {
    let workload = MachineWorkload(
      machine: { SimulatedFleet(node: $0, flaw: flaw) },
      command: Self.wish,
      state: { fleet in
        let configuration = fleet.machine.configuration
        return "\(configuration.digest) \(configuration.servers.map(\.starts))"
      },
      invariant: { Self.fault(in: $0.machine.configuration) },
      judgement: { fleet, wishes in
        var model = FleetConfiguration()
        for wish in wishes {
          guard let command = wish.command(in: model) else { continue }
          try? model.apply(command, at: 0)
        }
        let found = fleet.machine.configuration
        return model.shards == found.shards && model.servers == found.servers
          ? nil : "the shards are \(found.shards), not \(model.shards)"
      })
    return NodeSimulation(
      Scenario(seed: seed, of: .nodes, profile: .snapshots, steps: 12_000), simulating: workload
    ).run()
  }

  @Sendable
  private static func wish(_ chance: inout Chance) -> SimulatedFleet.Wish {
    let id = ServerID(UInt64(chance.number(in: 1...5)))
    switch chance.number(in: 0...11) {
    case 0:
      return .plain(.register(id, zone: "z\(id.rawValue % 3)", address: "a:\(id)", store: "s"))
    case 1, 2: return .plain(.started(id, store: "s"))
    case 3: return .plain(.lost(id, starts: UInt64(chance.number(in: 0...8))))
    case 4: return .plain(.found(shardCount: 6, PlacementParameters()))
    case 5: return .plain(chance.number(in: 0...3) == 0 ? .leave(id) : .balance)
    case 6: return .shrink(chance.number(in: 0...20))
    default: return .fill(chance.number(in: 0...20))
    }
  }

  /// What is wrong with a configuration; `nil` if nothing is.
  private static func fault(in fleet: FleetConfiguration) -> String? {
    for shard in fleet.shards {
      if shard.inSync.isEmpty { return "nobody is in sync: \(shard)" }
      if let primary = shard.primary, !shard.inSync.contains(primary) {
        return "the primary is not in sync: \(shard)"
      }
    }
    var last: [ShardID: ShardAssignment] = [:]
    for change in fleet.history {
      let now = change.assignment
      defer { last[now.shard] = now }
      guard let before = last[now.shard] else { continue }
      if now.epoch <= before.epoch { return "an epoch again: \(before), then \(now)" }
      if let primary = now.primary, primary != before.primary, !before.members.contains(primary) {
        return "somebody took over that had nothing: \(before), then \(now)"
      }
    }
    return nil
  }
}
