import RaftSimulator
import Testing

@Suite("Simulated runs of real nodes", .serialized)
struct NodeRunTests {
  @Test("Some seeds break no rule, and see what they shall")
  func seeds() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      var tally = NodeTally()
      for seed in 1...16 as ClosedRange<UInt64> {
        let report = NodeSimulation(seed: seed).run()
        guard report.violation == nil else { fatalError("\(report)") }
        tally += report.tally
      }
      #expect(tally.committed > 1000)
      #expect(tally.crashes > 20)
      #expect(tally.lostTails > 0)
      #expect(tally.leaderChanges > 10)
      #expect(tally.installs > 0)
      #expect(tally.membershipChanges > 0)
    }
  }

  @Test("A seed gives the same run again, and another seed another one")
  func again() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let first = NodeSimulation(seed: 5).run(recording: .text)
      let second = NodeSimulation(seed: 5).run(recording: .text)
      #expect(first.hash == second.hash)
      #expect(first.steps == second.steps)
      #expect(first.trace == second.trace)
      #expect(NodeSimulation(seed: 6).run().hash != first.hash)
    }
  }

  @Test("Two processes, with different hash seeds, give the same run")
  func processes() async {
    func line() async -> String? {
      let result = await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        SimulatedExecutor.install()
        print("hash of a process: \(Set(["a"]).hashValue)")
        print("\(NodeSimulation(seed: 7).run())")
      }
      let text = result.map { String(decoding: $0.standardOutputContent, as: UTF8.self) }
      return text?.split(separator: "\n").first { $0.hasPrefix("seed 7:") }.map(String.init)
    }
    let first = await line()
    #expect(first != nil)
    #expect(await line() == first)
  }
}
