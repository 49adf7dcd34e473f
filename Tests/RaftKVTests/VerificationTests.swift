import RaftCommandLine
import RaftHTTP
import Testing

@testable import raft_kv

@Suite("The verdict of the demonstration")
struct VerificationTests {
  private static func value(_ text: String) -> HTTPResponse {
    .json(#"{"Ok":{"value":{"value":"\#(text)","version":7}}}"#)
  }

  private func verdict(on lines: [Line], _ answer: HTTPResponse) async throws -> String? {
    var verdict: String?
    try await ScriptedServer.with([[answer]]) { _, _, client in
      let timeline = Timeline(progress: ProgressLine(isTerminal: false) { _ in }) { _ in }
      do throws(Failure) {
        try await Verification(lines, client: client).run(concurrency: 4, timeline: timeline)
      } catch {
        #expect(error.code == .failed)
        verdict = error.message
      }
    }
    return verdict
  }

  @Test("Lines that are there as they were acknowledged are no loss")
  func kept() async throws {
    let lines = [Line(key: "a:1", text: "x"), Line(key: "a:2", text: "x")]
    #expect(try await self.verdict(on: lines, Self.value("x")) == nil)
  }

  @Test("A line that is gone is a loss")
  func lost() async throws {
    let lines = [Line(key: "a:1", text: "x")]
    #expect(
      try await self.verdict(on: lines, .json(#"{"Ok":{"value":null}}"#))
        == """
        1 of 1 acknowledged writes are lost or changed:
          a:1: 'x' was acknowledged, nothing is there
        """)
  }

  @Test("A line that differs in its bytes alone is a loss, and long lists are cut")
  func changed() async throws {
    let lines = (1...25).map { Line(key: "a:\($0)", text: "e\u{301}") }
    let verdict = try #require(try await self.verdict(on: lines, Self.value("\u{E9}")))
    let rows = verdict.split(separator: "\n")
    #expect(rows.first == "25 of 25 acknowledged writes are lost or changed:")
    #expect(rows.count == 22)
    #expect(rows.last == "  and 5 more")
  }
}
