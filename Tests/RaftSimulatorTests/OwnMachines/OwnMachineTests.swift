import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("A state machine of the user's own", .longRun, .serialized)
struct OwnMachineTests {
  @Test("A correct one breaks nothing, and agrees with its model in the end")
  func correct() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      var met = Coverage()
      for seed in 1...6 as ClosedRange<UInt64> {
        let report = OwnMachineTests.run(seed) { _ in Ledger() }
        if let violation = report.violation { fatalError("\(violation)") }
        met.add(report.coverage)
      }
      #expect(met.crashes > 5 && met.snapshotsBuilt > 5 && met.writesAcknowledged > 500)
    }
  }

  @Test("One whose effect depends on the node is found by its state")
  func divergence() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let found = OwnMachineTests.first { Ledger(.dependsOnNode($0)) }
      #expect(found?.property == .stateMachineSafety)
      #expect(found?.evidence.contains("the machine of node") == true)
    }
  }

  @Test("One that loses something in a snapshot is found")
  func lossySnapshot() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let found = OwnMachineTests.first { _ in Ledger(.forgetsInSnapshot) }
      #expect(found?.property == .stateMachineSafety)
    }
  }

  @Test("One that breaks its invariant is found, with the words of the invariant")
  func brokenInvariant() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let found = OwnMachineTests.first { _ in Ledger(.makesMoney) }
      #expect(found?.property == .invariant)
      #expect(found?.evidence.contains("401 in all") == true)
    }
  }

  @Test("A violation of nodes shrinks to what it needs, and its scenario runs into it again")
  func shrinking() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      func run(_ scenario: Scenario) -> SimulationReport {
        OwnMachineTests.run(scenario) { _ in Ledger(.makesMoney) }
      }
      let violation = run(Scenario(seed: 4, of: .nodes, profile: .elections, steps: 3000)).violation
      guard let violation else { fatalError("the planted bug is not found") }
      let smallest = Shrinking(violation, attempts: 1, run: run).smallest()
      #expect(smallest.property == .invariant)
      #expect(smallest.scenario.nodeCount == 1)
      let again = run(smallest.scenario)
      #expect(again.violation == smallest)
      // No trouble is needed to count wrongly.
      #expect(again.coverage.faultCounts.isEmpty)
    }
  }

  /// The first violation in some seeds.
  static func first(_ machine: @escaping @Sendable (NodeID) -> Ledger) -> Violation? {
    for seed in 1...20 as ClosedRange<UInt64> {
      if let violation = Self.run(seed, machine).violation { return violation }
    }
    return nil
  }

  static func run(
    _ seed: UInt64, _ machine: @escaping @Sendable (NodeID) -> Ledger
  ) -> SimulationReport {
    Self.run(Scenario(seed: seed, of: .nodes, profile: .snapshots, steps: 15_000), machine)
  }

  static func run(
    _ scenario: Scenario, _ machine: @escaping @Sendable (NodeID) -> Ledger
  ) -> SimulationReport {
    let workload = MachineWorkload(
      machine: machine,
      command: { chance in
        Ledger.Transfer(
          from: chance.number(in: 0...3), to: chance.number(in: 0...3),
          amount: chance.number(in: 1...60))
      },
      state: { "\($0.accounts)" },
      invariant: { ledger in
        let sum = ledger.accounts.reduce(0, +)
        return sum == 4 * Ledger.start ? nil : "there is \(sum) in all"
      },
      judgement: { ledger, transfers in
        var model = [Int](repeating: Ledger.start, count: 4)
        for transfer in transfers where model[transfer.from] >= transfer.amount {
          model[transfer.from] -= transfer.amount
          model[transfer.to] += transfer.amount
        }
        return model == ledger.accounts ? nil : "the accounts are \(ledger.accounts), not \(model)"
      })
    return NodeSimulation(scenario, simulating: workload).run()
  }
}
