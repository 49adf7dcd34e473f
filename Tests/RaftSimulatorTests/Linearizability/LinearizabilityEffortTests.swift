import RaftSimulator
import Testing

@Suite("The effort of the checker")
struct LinearizabilityEffortTests {
  /// Eight clients at once, for as many rounds; a third of the writes has no known outcome, and
  /// half of those take effect a round later.
  private static func longHistory(rounds: UInt64, lastSeen: UInt64? = nil) -> ClientHistory {
    var script = HistoryScript()
    var version: UInt64 = 0
    for round in 0..<rounds {
      let value = 100 * (round + 1)
      let writes = (0..<4).map { script.begin(.write(value + UInt64($0)), client: $0) }
      let reads = (4..<8).map { script.begin(.read, client: $0) }
      script.giveUp(on: writes[0])
      script.giveUp(on: writes[1])
      script.end(writes[2], .written(version: version + 1))
      script.end(writes[3], .written(version: version + 2))
      for read in reads { script.end(read, .saw(value + 3, version + 2)) }
      script.call(.read, .saw(value, version + 3))
      version += 3
    }
    if let lastSeen { script.call(.read, .saw(lastSeen)) }
    return script.history
  }

  @Test("Two thousand operations with five hundred unknown outcomes take a small effort")
  func longButEasy() {
    let history = Self.longHistory(rounds: 250)
    #expect(history.operations.count == 2250)
    #expect(LinearizabilityChecker(effortMax: 40_000).check(history) == .linearizable)
  }

  @Test("A violation at the end of a long history is found and explained with a small effort")
  func longAndWrong() {
    let history = Self.longHistory(rounds: 250, lastSeen: 24_902)
    guard case .violation(let evidence) = LinearizabilityChecker(effortMax: 40_000).check(history)
    else {
      Issue.record("no violation")
      return
    }
    #expect(evidence.culprit.id == history.operations.last?.id)
    // One write of each round was neither acknowledged nor seen.
    #expect(evidence.prefix.count == 2250 - 250)
  }

  @Test("A checker whose effort is used up claims nothing")
  func undecided() {
    let history = Self.longHistory(rounds: 3)
    #expect(LinearizabilityChecker(effortMax: 10).check(history) == .undecided(after: 17))
    #expect(LinearizabilityChecker(byteCountMax: 100).check(history) == .undecided(after: 0))
  }

  @Test("An operation cannot end twice")
  func endsOnce() async {
    await #expect(processExitsWith: .failure) {
      var script = HistoryScript()
      let write = script.begin(.write(1))
      script.fail(write)
      script.fail(write)
    }
  }
}
