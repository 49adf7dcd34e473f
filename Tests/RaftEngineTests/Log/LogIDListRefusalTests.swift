import RaftEngine
import Testing

/// What no log can be, or no log may do: our own mistakes, which stop the process.
@Suite("Impossible logs")
struct LogIDListRefusalTests {
  @Test("Runs that leave a gap after the purged entries are refused")
  func gap() async {
    await #expect(processExitsWith: .failure) {
      _ = LogIDList(
        purged: LogID(term: 1, node: 1, index: 3), last: LogID(term: 1, node: 1, index: 9),
        runs: [.init(leader: LeaderID(term: 1, node: 1), first: 5)])
    }
  }

  @Test("Runs of decreasing leaderships are refused")
  func decreasing() async {
    await #expect(processExitsWith: .failure) {
      _ = LogIDList(
        last: LogID(term: 1, node: 1, index: 9),
        runs: [
          .init(leader: LeaderID(term: 2, node: 1), first: 0),
          .init(leader: LeaderID(term: 1, node: 1), first: 5),
        ])
    }
  }

  @Test("A last entry that no run contains is refused")
  func lastOutside() async {
    await #expect(processExitsWith: .failure) {
      _ = LogIDList(last: LogID(term: 1, node: 1, index: 9))
    }
  }

  @Test("Entries that do not follow the last one cannot be appended")
  func appendedWithGap() async {
    await #expect(processExitsWith: .failure) {
      var log = LogIDList()
      log.append(LeaderID(term: 1, node: 1), from: 1, through: 1)
    }
  }

  @Test("Entries of an earlier leadership cannot be appended")
  func appendedByEarlierLeader() async {
    await #expect(processExitsWith: .failure) {
      var log = LogIDList(purged: LogID(term: 2, node: 1, index: 3))
      log.append(LeaderID(term: 1, node: 9), from: 4, through: 4)
    }
  }

  @Test("A log cannot be cut before its purged entry")
  func cutTooEarly() async {
    await #expect(processExitsWith: .failure) {
      var log = LogIDList(purged: LogID(term: 2, node: 1, index: 3))
      log.truncate(after: 2)
    }
  }

  @Test("A log that contradicts a position cannot be purged through it")
  func purgedByAnother() async {
    await #expect(processExitsWith: .failure) {
      var log = LogIDList()
      log.append(LeaderID(term: 1, node: 1), from: 0, through: 4)
      log.purge(through: LogID(term: 2, node: 1, index: 3))
    }
  }
}
