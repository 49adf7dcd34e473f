import RaftEngine
import Testing

@Suite("The shape of a log")
struct LogIDListTests {
  private static let one = LeaderID(term: 1, node: 1)
  private static let two = LeaderID(term: 2, node: 2)
  private static let three = LeaderID(term: 2, node: 3)

  /// Purged through 3, then entries of three leaderships through 12.
  private static let example = LogIDList(
    purged: LogID(leader: one, index: 3), last: LogID(leader: three, index: 12),
    runs: [
      .init(leader: one, first: 4), .init(leader: two, first: 6), .init(leader: three, first: 10),
    ])

  @Test("A fresh log holds nothing and begins at 0")
  func fresh() {
    let log = LogIDList()
    #expect(log.isEmpty)
    #expect(log.first == 0)
    #expect(log.last == nil)
    #expect(log.logID(at: 0) == nil)
    #expect(log.runEnd(at: 0) == nil)
    #expect(log.lastLogID(notAfter: 10, ledAtMost: Self.three) == nil)
    #expect("\(log)" == "")
  }

  @Test("A log of purged entries alone goes on after them")
  func purgedAlone() {
    let purged = LogID(leader: Self.two, index: 7)
    var log = LogIDList(purged: purged)
    #expect(log.isEmpty)
    #expect(log.first == 8)
    #expect(log.last == purged)
    #expect(log == LogIDList(purged: purged, last: purged))
    log.append(Self.three, from: 8, through: 8)
    #expect("\(log)" == "T2-N2.7 | T2-N3 8...8")
  }

  @Test("Every entry beyond the purged ones is known, and the last purged one")
  func leaders() {
    let log = Self.example
    #expect("\(log)" == "T1-N1.3 | T1-N1 4...5, T2-N2 6...9, T2-N3 10...12")
    #expect((0..<3).allSatisfy { log.leader(at: LogIndex($0)) == nil })
    #expect((3..<6).allSatisfy { log.leader(at: LogIndex($0)) == Self.one })
    #expect((6..<10).allSatisfy { log.leader(at: LogIndex($0)) == Self.two })
    #expect((10..<13).allSatisfy { log.leader(at: LogIndex($0)) == Self.three })
    #expect(log.leader(at: 13) == nil)
    #expect(log.logID(at: 9) == LogID(leader: Self.two, index: 9))
    #expect(log.logID(at: LogIndex(.max)) == nil)
  }

  @Test("An entry is contained if its writer agrees, not only its place")
  func contains() {
    #expect(Self.example.contains(LogID(leader: Self.two, index: 9)))
    #expect(!Self.example.contains(LogID(leader: Self.three, index: 9)))
    #expect(Self.example.contains(LogID(leader: Self.one, index: 3)))
    #expect(!Self.example.contains(LogID(leader: Self.two, index: 3)))
    #expect(!Self.example.contains(LogID(leader: Self.one, index: 2)))
    #expect(!Self.example.contains(LogID(leader: Self.three, index: 13)))
  }

  @Test("A run ends where the next leadership begins, also one that began before the purge")
  func runEnds() {
    #expect(Self.example.runEnd(at: 2) == nil)
    #expect(Self.example.runEnd(at: 3) == 5)
    #expect(Self.example.runEnd(at: 4) == 5)
    #expect(Self.example.runEnd(at: 6) == 9)
    #expect(Self.example.runEnd(at: 12) == 12)
    #expect(Self.example.runEnd(at: 13) == nil)
    let other = LogIDList(
      purged: LogID(leader: Self.one, index: 3), last: LogID(leader: Self.two, index: 4),
      runs: [.init(leader: Self.two, first: 4)])
    #expect(other.runEnd(at: 3) == 3)
  }

  @Test("A hint passes all entries of later leaderships at once")
  func hints() {
    let log = Self.example
    #expect(
      log.lastLogID(notAfter: 20, ledAtMost: Self.three) == LogID(leader: Self.three, index: 12))
    #expect(log.lastLogID(notAfter: 12, ledAtMost: Self.two) == LogID(leader: Self.two, index: 9))
    #expect(log.lastLogID(notAfter: 7, ledAtMost: Self.three) == LogID(leader: Self.two, index: 7))
    #expect(
      log.lastLogID(notAfter: 9, ledAtMost: LeaderID(term: 1, node: 9))
        == LogID(leader: Self.one, index: 5))
    #expect(log.lastLogID(notAfter: 3, ledAtMost: Self.three) == log.purged)
    #expect(log.lastLogID(notAfter: 2, ledAtMost: Self.three) == nil)
    #expect(log.lastLogID(notAfter: 12, ledAtMost: LeaderID(term: 1, node: 0)) == nil)
  }

  @Test("Cutting removes later runs and shortens the one that is cut")
  func truncation() {
    var log = Self.example
    log.truncate(after: 12)
    #expect(log == Self.example)
    log.truncate(after: 20)
    #expect(log == Self.example)
    log.truncate(after: 9)
    #expect("\(log)" == "T1-N1.3 | T1-N1 4...5, T2-N2 6...9")
    log.truncate(after: 6)
    #expect("\(log)" == "T1-N1.3 | T1-N1 4...5, T2-N2 6...6")
    log.truncate(after: 3)
    #expect(log == LogIDList(purged: log.purged))
    log.truncate(after: nil)
    #expect(log == LogIDList(purged: log.purged))
  }

  @Test("Cutting everything keeps what was purged")
  func truncationOfAll() {
    var log = Self.example
    log.truncate(after: nil)
    #expect(log == LogIDList(purged: LogID(leader: Self.one, index: 3)))
    var young = LogIDList()
    young.append(Self.one, from: 0, through: 4)
    young.truncate(after: nil)
    #expect(young == LogIDList())
  }

  @Test("Purging moves the beginning, within a run and between runs")
  func purging() {
    var log = Self.example
    log.purge(through: LogID(leader: Self.one, index: 2))
    #expect(log == Self.example)
    log.purge(through: LogID(leader: Self.one, index: 3))
    #expect(log == Self.example)
    log.purge(through: LogID(leader: Self.two, index: 7))
    #expect("\(log)" == "T2-N2.7 | T2-N2 8...9, T2-N3 10...12")
    log.purge(through: LogID(leader: Self.two, index: 9))
    #expect("\(log)" == "T2-N2.9 | T2-N3 10...12")
    log.purge(through: LogID(leader: Self.three, index: 12))
    #expect(log == LogIDList(purged: LogID(leader: Self.three, index: 12)))
  }

  @Test("A snapshot beyond the end leaves nothing, even where an abandoned leadership was later")
  func purgingBeyondTheEnd() {
    var log = Self.example
    let snapshot = LogID(leader: Self.two, index: 20)
    log.purge(through: snapshot)
    #expect(log == LogIDList(purged: snapshot))
    #expect(log.last == snapshot)
    log.append(Self.two, from: 21, through: 22)
    #expect("\(log)" == "T2-N2.20 | T2-N2 21...22")
  }

  @Test("A hundred thousand leaderships are searched, not walked")
  func manyRuns() {
    let count: UInt64 = 100_000
    var log = LogIDList()
    for term in 0..<count {
      let leader = LeaderID(term: Term(term), node: 1)
      log.append(leader, from: LogIndex(2 * term), through: LogIndex(2 * term + 1))
    }
    for term in stride(from: 0, to: count, by: 97) {
      #expect(log.leader(at: LogIndex(2 * term))?.term == Term(term))
      #expect(log.runEnd(at: LogIndex(2 * term)) == LogIndex(2 * term + 1))
    }
    log.purge(through: LogID(term: 50_000, node: 1, index: 100_000))
    #expect(log.leader(at: 99_999) == nil)
    #expect(log.leader(at: 100_001)?.term == 50_000)
    #expect(log.runs.count == 50_000)
  }
}
