import RaftSimulator
import TestPace
import Testing

@testable import raft_sim

@Suite("A cluster of engines under random troubles", .longRun)
struct ClusterTests {
  /// A seed that fails is replayed by the command that the violation names; so is one that ends the
  /// process by a broken precondition.
  @Test("Stays safe while troubles last and recovers when they end")
  func staysSafeAndRecovers() {
    var met = Coverage()
    for seed in 1...60 as ClosedRange<UInt64> {
      let report = Scenario(seed: seed, steps: 2500).run()
      if let violation = report.violation { Issue.record("\(violation)") }
      met.add(report.coverage)
    }
    #expect(met.commits > 60 * 20 && met.readsAnswered > 60 * 5)
    #expect(met.crashes > 60 && met.leaderChanges > 60 && met.membershipChanges > 60)
    #expect(met.truncations > 0 && met.snapshotInstalls > 0 && met.crashesWithLostTail > 0)
  }
}
