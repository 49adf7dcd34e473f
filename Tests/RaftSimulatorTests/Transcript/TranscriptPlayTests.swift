import RaftSimulator
import Testing

@Suite("Playing a transcript")
struct TranscriptPlayTests {
  private static func play(_ text: String) throws -> TranscriptReport {
    try Transcript(named: "f", text: text).play(on: .engines)
  }

  @Test("A reply that differs is reported with its line, what was expected and what came")
  func mismatch() throws {
    let report = try Self.play("cluster 1 voter\n# who?\nelect 1\n  2 leads in term 1\nheal\n")
    #expect(!report.isRight)
    #expect(report.mismatches.map(\.line) == [3])
    #expect(report.mismatches.map(\.expected) == [["2 leads in term 1"]])
    #expect(report.mismatches.map(\.actual) == [["1 leads in term 1"]])
    #expect(
      report.description == """
        f:3: elect 1 (engines)
          expected: 2 leads in term 1
          actual:   1 leads in term 1
        """)
  }

  @Test("A reply too many, one too few and one in another order are differences")
  func completeness() throws {
    let right = "cluster 3 voters\nelect 1\n  1 leads in term 1\ncrash 2 3\nlook 1 a\n  a=nothing\n"
    #expect(try Self.play(right).isRight)
    #expect(try !Self.play(right.replacing("\n  a=nothing", with: "")).isRight)
    #expect(try !Self.play(right.replacing("crash 2 3\n", with: "crash 2 3\n  2 stops\n")).isRight)
    #expect(
      try !Self.play("cluster 2 voters\nshow\n  2 follows\n  1 follows\n").isRight)
  }

  @Test("Many calls with the same answer are one line, at once or later")
  func counts() throws {
    let report = try Self.play(
      """
      cluster 3 voters
      elect 1
        1 leads in term 1
      fill 1 3
        done, 3 times
      isolate 1
      fill 1 2
        waits, 2 times
      write 1 a=1
        waits
      crash 1
        fill 1 2: outcome unknown, 2 times
        write 1 a=1: outcome unknown

      """)
    #expect(report.isRight, "\(report)")
  }

  @Test("Recording keeps comments and blank lines, and what was recorded is right")
  func recording() throws {
    let text = "# S2: One.\n\ncluster 1 voter\nelect 1\n  wrong\n  more\n\n# Then:\nwrite 1 a=1\n"
    let recorded = try Self.play(text).recorded
    #expect(
      recorded == """
        # S2: One.

        cluster 1 voter
        elect 1
          1 leads in term 1

        # Then:
        write 1 a=1
          done at 2

        """)
    let again = try Self.play(recorded)
    #expect(again.isRight)
    #expect(again.recorded == recorded)
  }

  @Test(
    "A command that cannot be played ends the play and says why",
    arguments: [
      ("cluster 1 voter\nelect 2", "f:2: there is no node 2, only 1 to 1"),
      ("cluster 1 voter\nstart 1", "f:2: node 1 is running; 'crash 1' or 'stop 1' first"),
      ("cluster 2 voters\ncrash 1\nwrite 1 a=1", "f:3: node 1 is down; 'start 1' first"),
      ("cluster 1 voter\nelect 1\nwrite 1 a=1\nwrite 1 b=1", "f:4: 1 was written before"),
      ("cluster 1 voter\nlog 1: 2 1\nshow", "f:2: an entry of T1-N1 cannot follow one of a later"),
      ("cluster 1 voter 1 spare\nlog 2: 1\nshow", "f:2: node 2 is no member of this cluster"),
      ("cluster 1 voter\nlog 1: 2\nvote 1: T1-N1\nshow", "f:3: node 1 holds an entry of a later"),
      ("cluster 1 voter\ncommitted 1: 3\nshow", "f:2: node 1 has no entry 3"),
    ])
  func faults(text: String, expected: String) throws {
    let report = try Self.play(text)
    #expect(report.failure?.description.hasPrefix(expected) == true, "\(report)")
    #expect(!report.isRight)
  }

  @Test("A prepared state that cannot have come about breaks a rule")
  func impossible() throws {
    let text = "cluster 2 voters\nlog 1: 1 2 3/2\nlog 2: 1 1 3/2\nshow\n"
    let report = try Self.play(text)
    #expect(report.failure?.problem.hasPrefix("log matching") == true, "\(report)")
  }
}
