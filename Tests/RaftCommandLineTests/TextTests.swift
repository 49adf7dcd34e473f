import RaftCommandLine
import RaftConcurrency
import Testing

@Suite("What programs write")
struct TextTests {
  @Test("Progress rewrites its line on a terminal, and is told now and then elsewhere")
  func progress() {
    for (isTerminal, expected) in [(true, ["\r\u{1B}[K1", "\r\u{1B}[K"]), (false, [])] {
      let shown = Guarded<[String]>([])
      let progress = ProgressLine(isTerminal: isTerminal) { text in
        shown.withLock { $0.append(text) }
      }
      progress.show("1")
      progress.show("2")
      progress.clear()
      progress.clear()
      #expect(shown.withLock { $0 } == expected)
    }
  }

  @Test(
    "Figures are rounded for people",
    arguments: [
      (0, 1, "0.0"), (1.25, 1, "1.3"), (12.04, 1, "12.0"), (-0.5, 1, "-0.5"), (1.007, 2, "1.01"),
      (41.5, 0, "42"),
    ] as [(Double, Int, String)])
  func rounding(value: Double, digits: Int, text: String) {
    #expect(value.rounded(to: digits) == text)
  }

  @Test("Times are told in milliseconds, from a second on in seconds; nouns have their number")
  func times() {
    #expect(Duration.milliseconds(999).forPeople == "999 ms")
    #expect(Duration.milliseconds(1250).forPeople == "1.3 s")
    #expect(counted(1, "line") == "1 line")
    #expect(counted(0, "line") == "0 lines")
  }

  @Test("Columns are as wide as their widest cell; rows may be short")
  func table() {
    let rows = [
      ["NODE", "ROLE", "LAG"], ["1", "leader", "0"], ["12", "gone"], ["3", "x", "1024"],
    ]
    #expect(
      TextTable.aligned(rows, left: 2) == """
        NODE  ROLE     LAG
        1     leader     0
        12    gone
        3     x       1024

        """)
    #expect(TextTable.aligned([], left: 1) == "")
  }
}
