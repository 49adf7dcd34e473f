import Foundation
import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("The page of a run", .longRun)
struct ReportPageTests {
  private static let hostile = """
    </script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> "'&amp;\u{2028}\u{0}\\
    """

  private static func hostilePage() -> String {
    var script = TraceScript()
    script.step(1, "\(Self.hostile)(", .of(.follower, .initial))
    script.command(1, Self.hostile)
    let message = script.send(Self.hostile, Self.hostile, from: 1, to: 2)
    script.done(1)
    script.step(2, "appendReceived", message: message, from: 1)
    script.done(2)
    script.fault(Self.hostile, 1)
    script.ask(1, Self.hostile, 1)
    script.answer(1, Self.hostile, 1, .refused)
    return ReportPage(script.timeline(title: Self.hostile, script.violation(Self.hostile))).html
  }

  private static func data(of page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"data\">\n"))
    let end = try #require(page.range(of: "\n</script>", range: start.upperBound..<page.endIndex))
    let json = try JSONSerialization.jsonObject(
      with: Data(page[start.upperBound..<end.lowerBound].utf8))
    return try #require(json as? [String: Any])
  }

  @Test("Every element that is opened is closed, in the right order")
  func balanced() {
    let script = TraceScript.election
    let page = ReportPage(script.timeline(script.violation("no quorum"))).html
    #expect(TagBalance(of: page).complaint == nil)
    #expect(TagBalance(of: Self.hostilePage()).complaint == nil)
    #expect(TagBalance(of: "<p><b></p></b>").complaint == "</p> closes <b>")
    #expect(TagBalance(of: "<p>").complaint == "<p> stays open")
  }

  @Test("The page tells of the violation and links to its step")
  func violation() {
    let script = TraceScript.election
    let page = ReportPage(script.timeline(script.violation("no quorum"))).html
    #expect(page.contains("<strong>election safety</strong> is broken in"))
    #expect(page.contains("<a href=\"#step-8\">step 8</a>"))
    #expect(page.contains("<code>raft-sim replay 1</code>"))
    let calm = ReportPage(script.timeline()).html
    #expect(!calm.contains("class=\"violation\""))
  }

  @Test("The data holds every step, message, trouble and call")
  func contents() throws {
    let script = TraceScript.election
    let data = try Self.data(of: ReportPage(script.timeline()).html)
    let steps = try #require(data["steps"] as? [[Any]])
    #expect(steps.compactMap { $0[1] as? Int } == Array(1...8))
    #expect(steps[4][4] as? String == "voteRequested")
    #expect((data["messages"] as? [Any])?.count == 3)
    #expect((data["faults"] as? [[Any]])?[0][4] as? String == "the network splits; now n1 n2 | n3")
    #expect((data["calls"] as? [Any])?.count == 1)
    #expect((data["spans"] as? [Any])?.count == 3)
    #expect(data["violation"] is NSNull)
  }

  @Test("The page asks nobody for anything")
  func selfContained() {
    let page = ReportPage(TraceScript.election.timeline()).html
    let addresses = page.components(separatedBy: "http").dropFirst()
    #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/2000/svg") })
    for word in ["src=", "@import", "url(//", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test("Whatever a trace says stays text")
  func escaping() throws {
    let page = Self.hostilePage()
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<img"))
    #expect(!page.contains("<!--"))
    let data = try Self.data(of: page)
    #expect(data["title"] as? String == Self.hostile)
    #expect((data["faults"] as? [[Any]])?[0][4] as? String == Self.hostile)
    #expect((data["messages"] as? [[Any]])?[0][4] as? String == Self.hostile)
    #expect((data["violation"] as? [Any])?[4] as? String == Self.hostile)
  }

  @Test("An empty run has a page, too")
  func empty() throws {
    let page = ReportPage(TraceScript().timeline()).html
    #expect(TagBalance(of: page).complaint == nil)
    #expect((try Self.data(of: page)["steps"] as? [Any])?.isEmpty == true)
  }
}
