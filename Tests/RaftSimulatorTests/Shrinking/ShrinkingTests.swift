import TestPace
import Testing

@testable import RaftSimulator

@Suite("Shrinking", .longRun)
struct ShrinkingTests {
  /// Runs in which a crash of everything after the disk of a leader stalled is a violation.
  private static func run(_ scenario: Scenario) -> SimulationReport {
    var simulation = Simulation(scenario)
    var hasStalled = false
    simulation.spy = { fault, number throws(Finding) in
      if fault == .stallLeaderDisk { hasStalled = true }
      guard hasStalled, fault == .crashAll else { return }
      throw Finding(.committedNeverLost, "planted: fault \(number) after a stall")
    }
    return simulation.run()
  }

  @Test("A planted pair of faults is all that is left, and its scenario runs into it again")
  func plantedPair() throws {
    let reports = (1...20).lazy.map { Self.run(Scenario(seed: $0, steps: 1500)) }
    let violation = try #require(reports.compactMap(\.violation).first)
    let smallest = Shrinking(violation, attempts: 12, run: Self.run).smallest()
    #expect(smallest.property == .committedNeverLost)
    #expect(smallest.scenario.nodeCount == 1)
    let again = Self.run(smallest.scenario)
    #expect(again.violation == smallest)
    let count = again.pieces[.fault]
    let kept = (1...count).filter { smallest.scenario.faults.admits($0) }
    #expect(kept.count == 2)
    for number in kept {
      var fewer = smallest.scenario
      fewer.faults = .only(NumberSet(kept.filter { $0 != number }))
      #expect(Self.run(fewer).violation == nil)
    }
    // Clients had nothing to do with it.
    let requests = again.pieces[.request]
    #expect((1..<(requests + 1)).allSatisfy { !smallest.scenario.requests.admits($0) })
  }

  @Test("What is left out changes no other fault")
  func independence() {
    func kinds(_ faults: Selection) -> [Int: Fault] {
      var scenario = Scenario(seed: 5, steps: 8000)
      scenario.faults = faults
      var simulation = Simulation(scenario)
      var kinds: [Int: Fault] = [:]
      simulation.spy = { fault, number throws(Finding) in kinds[number] = fault }
      #expect(simulation.run().violation == nil)
      return kinds
    }
    let all = kinds(.all)
    let some = kinds(.only(NumberSet([2, 5, 9])))
    #expect(some.keys.sorted() == [2, 5, 9])
    for (number, fault) in some { #expect(all[number] == fault) }
    #expect(kinds(.without(NumberSet(1...1000))).isEmpty)
  }

  @Test("The words of a scenario say what it leaves out")
  func words() {
    var scenario = Scenario(seed: 3, of: .nodes, profile: .disks, steps: 50, nodeCount: 2)
    scenario.faults = .only(NumberSet([3, 8]))
    scenario.requests = .without(NumberSet(7...12))
    #expect(
      scenario.arguments
        == "3 --node --profile disks --steps 50 --nodes 2 --only-faults 3,8 --without-calls 7-12")
  }
}
