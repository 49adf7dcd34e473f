import RaftEngine
import Testing

@Suite("Positions in the log")
struct LogIDTests {
  private static let all = smallLeaders.flatMap { leader in
    (0..<3).map { LogID(leader: leader, index: LogIndex(UInt64($0))) }
  }

  @Test("Leaderships are ordered by round, then by node")
  func leadersAreTotallyOrdered() {
    expectAscending(smallLeaders)
  }

  @Test("Positions are ordered by leadership, then by place")
  func positionsAreTotallyOrdered() {
    expectAscending(Self.all)
  }

  @Test("No position comes before every position, and is as recent as itself alone")
  func nothingComesFirst() {
    let none: LogID? = nil
    #expect(none.isAtLeast(none))
    #expect(!none.isAfter(none))
    for position in Self.all {
      #expect(Optional(position).isAtLeast(none))
      #expect(Optional(position).isAfter(none))
      #expect(!none.isAtLeast(position))
      #expect(!none.isAfter(position))
    }
  }

  @Test("The named comparisons of optional positions agree with the operators of real ones")
  func comparisonsAgree() {
    for left in Self.all {
      for right in Self.all {
        #expect(Optional(left).isAtLeast(right) == (left >= right))
        #expect(Optional(left).isAfter(right) == (left > right))
      }
    }
  }

  @Test("The next index after nothing is 0, after a position the one behind it")
  func nextIndex() {
    #expect(LogID?.none.nextIndex == 0)
    #expect(Optional(LogID(term: 1, node: 1, index: 0)).nextIndex == 1)
    #expect(Optional(LogID(term: 1, node: 1, index: 41)).nextIndex == 42)
  }

  @Test("A run of entries knows its ends")
  func entryRunEnds() {
    let run = EntryRun(
      leader: LeaderID(term: 3, node: 1), first: 40, count: 3, byteCount: 96, kind: .command,
      timestamp: .epoch)
    #expect(run.last == 42)
    #expect(run.firstLogID == LogID(term: 3, node: 1, index: 40))
    #expect(run.lastLogID == LogID(term: 3, node: 1, index: 42))
    #expect("\(run)" == "command T3-N1 40...42")
  }

  @Test("Positions and writes are printed in one compact form")
  func descriptions() {
    let position = LogID(term: 3, node: 1, index: 42)
    let vote = Vote(leader: position.leader, isCommitted: true)
    #expect("\(position)" == "T3-N1.42")
    #expect("\(IOID(sequence: 7, vote: vote, logID: position))" == "#7 T3-N1* T3-N1.42")
    #expect("\(IOID(sequence: 8, vote: vote, logID: nil))" == "#8 T3-N1* -")
  }
}
