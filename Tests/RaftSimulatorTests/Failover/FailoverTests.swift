import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("Time without a leader", .longRun)
struct FailoverTests {
  @Test(
    "Under every trouble a new leader comes in time, or none is made that nobody needs",
    arguments: FailoverTrouble.allCases, [true, false])
  func isKept(_ trouble: FailoverTrouble, isPreVoteEnabled: Bool) throws {
    var configuration = Configuration()
    configuration.isPreVoteEnabled = isPreVoteEnabled
    let study = FailoverStudy(configuration, span: .seconds(4))
    let result = try study.run(trouble, seeds: 1...2)
    #expect(result.isKept, "\(result)")
    #expect(result.times.count == 2)
  }

  @Test("The bound follows from the promise and the largest election timeout")
  func bound() throws {
    var configuration = Configuration()
    configuration.promise = .milliseconds(100)
    let result = try FailoverStudy(configuration, nodeCount: 3, span: .seconds(2))
      .run(.crash, seeds: 1...1)
    #expect(result.timeBound == .milliseconds(800) && result.changesMax == 1)
  }

  @Test("A bound that was not kept is told")
  func isNotKept() {
    var late = FailoverStudy.Result(
      trouble: .crash, bound: .newLeader(withinTimeouts: 2), timeBound: .milliseconds(900))
    late.times = [.milliseconds(100), .milliseconds(901)]
    #expect(!late.isKept && late.longest == .milliseconds(901))
    late.times = [.milliseconds(100), .milliseconds(900)]
    #expect(late.isKept)
    var restless = FailoverStudy.Result(
      trouble: .deaf, bound: .changes(perMinute: 0), timeBound: nil)
    #expect(restless.isKept)
    restless.changesMax = 1
    #expect(!restless.isKept)
  }
}
