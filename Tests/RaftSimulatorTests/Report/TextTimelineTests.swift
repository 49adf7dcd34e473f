import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("A timeline as text", .longRun)
struct TextTimelineTests {
  @Test("Shows changes in the node's column, and what all nodes are beside them")
  func golden() {
    let script = TraceScript.election
    let timeline = script.timeline(script.violation("node 1 commits alone\nwithout a quorum"))
    #expect(TextTimeline(timeline, columnWidth: 24).text == Self.golden)
  }

  @Test("Shows every step when everything is wanted")
  func everything() {
    let timeline = TraceScript.election.timeline()
    let changes = TextTimeline(timeline).text.split(separator: "\n")
    let everything = TextTimeline(timeline, detail: .everything).text.split(separator: "\n")
    #expect(everything.count == changes.count + 1)
    #expect(everything.contains { $0.hasPrefix("      7   0.153000s") })
    #expect(!changes.contains { $0.hasPrefix("      7  ") })
  }

  @Test("Breaks long words and keeps to the width of the columns")
  func longWords() {
    var script = TraceScript()
    script.step(1, String(repeating: "w", count: 50))
    let text = TextTimeline(script.timeline(), detail: .everything, columnWidth: 20).text
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 27 + 20 })
    #expect(text.count { $0 == "w" } == 50)
  }

  @Test("Tells names of modules and wrappers apart from what a value says")
  func wording() {
    #expect(
      TraceWording.plain("a(RaftEngine.B(x: Optional(T1-N1.0), y: (Optional(Raft.C()), nil)))")
        == "a(B(x: T1-N1.0, y: (C(), nil)))")
    #expect(TraceWording.plain("no wrapper") == "no wrapper")
    #expect(TraceWording.plain("Optional(Optional(open") == "open")
  }

  private static let golden = """
    three nodes
    raft-sim replay 1

       step        time  net    n1                      n2                      n3
          1   0.000000s         F  < elapsed            -                       -
                                |  follower             |                       |
                                |  T0-N0                |                       |
                                |  log -                |                       |
          2   0.000000s         F                       F  < elapsed            -
                                |                       |  follower             |
                                |                       |  T0-N0                |
                                |                       |  log -                |
          3   0.000000s         F                       F                       F  < elapsed
                                |                       |                       |  follower
                                |                       |                       |  T0-N0
                                |                       |                       |  log -
              0.000000s  12|3   ! the network splits; now n1 n2 | n3
          4   0.150000s  12|3   C  < elapsed            F                       F
                                |  follower > candidate |                       |
                                |  vote T1-N1           |                       |
                                |  > vote request to n2 |                       |
                                |    n3(lost)           |                       |
          5   0.152000s  12|3   C                       F  < vote request from  F
                                |                       |    n1                 |
                                |                       |  vote T1-N1           |
                                |                       |  > answer to vote     |
                                |                       |    request to n1      |
          6   0.153000s  12|3   L  < answer to vote     F                       F
                                |    request from n2    |                       |
                                |  candidate > leader   |                       |
                                |  vote T1-N1*          |                       |
                                |  log - > T1-N1.1      |                       |
                                |  durable 1            |                       |
              0.153000s  12|3   L  ? call 7: write      F                       F
              0.153000s  12|3   L                       x  ! loses power        F
              0.153000s  12|3   Ls ! its disk stalls    x                       F
              0.553000s  12|3   Ls = call 7: outcome    x                       F
                                |    unknown                                    |
          8   0.553000s  12|3   Ls < elapsed            x                       F
                                |  breaks off                                   |

    *** election safety is broken in step 8
        node 1 commits alone
        without a quorum

    """
}
