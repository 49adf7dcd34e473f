import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("Machines that go wrong in simulated runs", .longRun, .serialized)
struct StrayMachineTests {
  @Test(
    "A machine that applies one command otherwise is found by its digest", arguments: [1, 2, 3])
  func found(node: UInt64) async {
    await #expect(processExitsWith: .success) { [node] in
      SimulatedExecutor.install()
      let scenario = Scenario(seed: 4, of: .nodes, profile: .calm, steps: 30_000)
      var profile = NodeProfile(of: scenario)
      profile.nodeCount = 3
      profile.founderCount = 3
      profile.witnesses = []
      #expect(NodeSimulation(scenario, profile: profile).run().violation == nil)
      profile.stray = .init(node: .init(node), command: 20)
      let violation = NodeSimulation(scenario, profile: profile).run().violation
      #expect(violation?.property == .stateMachineSafety)
      #expect(violation?.evidence.contains("differ") == true)
    }
  }
}
