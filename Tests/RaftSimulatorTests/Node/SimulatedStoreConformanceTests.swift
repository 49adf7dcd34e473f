import Raft
import RaftConcurrency
import RaftStoreTesting
import TestPace
import Testing

@testable import RaftSimulator

@Suite("The simulated stores keep every rule", .longRun, .serialized)
struct SimulatedStoreConformanceTests {
  @Test("In virtual time, with devices that fail, each rule is kept")
  func conforms() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      for (number, rule) in SimulatedStores.cases.enumerated() {
        #expect(SimulatedStores.finding(of: rule, seed: UInt64(number)) == nil)
      }
    }
  }

  @Test("All cases but those that cut the power or damage data suit them")
  func suits() {
    let names = SimulatedStores.cases.map(\.name)
    #expect(names == (StoreTestSuite.cases + FailureSuite.cases).map(\.name))
  }
}

/// Simulated stores for the conformance suites, each on a station of its own.
private struct SimulatedStores: FailingStoreFactory {
  let world: NodeWorld
  let retention = StoreRetention.acrossReopening

  static var cases: [StoreCase] {
    (StoreTestSuite.cases + StoreTestSuite.trials).filter { [.use, .failure].contains($0.trial) }
  }

  /// What is wrong with the stores, in a run of their own; `nil` if nothing is.
  static func finding(of rule: StoreCase, seed: UInt64) -> String? {
    let executor = SimulatedExecutor(seed: seed)
    let world = NodeWorld(
      executor: executor, trace: NodeTrace(nil), scenario: Scenario(seed: seed, of: .nodes),
      profile: NodeProfile(), guests: nil)
    let stores = SimulatedStores(world: world)
    let found = Guarded<String?>(nil)
    let ending = executor.run(stepsMax: 5_000_000) {
      do {
        try await rule.run(against: stores, waitingAtMost: nil)
      } catch {
        found.withLock { $0 = "\(error)" }
      }
    }
    if let finding = found.withLock({ $0 }) { return finding }
    return ending == .finished ? nil : "\(rule.name): the run ended as \(ending)"
  }

  func makePlace() -> NodeStation {
    let station = NodeStation(id: 1, world: self.world)
    station.disk.latency = 1000...50_000
    return station
  }

  func openStores(at place: NodeStation) -> StorePair {
    StorePair(log: SimulatedLogStore(place), snapshots: SimulatedSnapshotStore(place))
  }

  func removePlace(_ place: NodeStation) {}

  func breakDevice(of place: NodeStation) {
    place.disk.failsNextFlush = true
    place.disk.failsNextSnapshot = true
  }

  func repairDevice(of place: NodeStation) {
    place.disk.failsNextFlush = false
    place.disk.failsNextSnapshot = false
  }
}
