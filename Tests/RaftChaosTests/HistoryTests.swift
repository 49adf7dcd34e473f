import RaftSimulator
import Testing

@testable import raft_chaos

@Suite("What must not be is noticed")
struct HistoryTests {
  private static let line = Ledger.Line(key: "w0-1", value: "7")

  @Test("An acknowledged write that is lost, changed or was not looked for is reported")
  func lostWrites() {
    let ledger = Ledger()
    ledger.note(Self.line, .done(12))
    #expect(ledger.losses(at: "server 3", holding: ["w0-1": "7"]) == [])
    #expect(
      ledger.losses(at: "server 3", holding: ["w0-1": nil])
        == ["w0-1: '7' was acknowledged, server 3 has nothing"])
    #expect(
      ledger.losses(at: "server 3", holding: ["w0-1": "8"])
        == ["w0-1: '7' was acknowledged, server 3 has '8'"])
    #expect(
      ledger.losses(at: "server 3", holding: [:])
        == ["w0-1: it was acknowledged, and server 3 was not asked for it"])
  }

  @Test("A write that was refused, or whose outcome is unknown, may be missing")
  func unacknowledgedWrites() {
    let ledger = Ledger()
    ledger.note(Self.line, .unknown("no answer"))
    ledger.note(Ledger.Line(key: "w0-2", value: "8"), .refused("no leader"))
    #expect(ledger.losses(at: "server 1", holding: ["w0-1": nil]) == [])
    #expect(ledger.unknownCount == 1)
  }

  @Test("A read of what had been overwritten before it was asked for is reported")
  func staleRead() throws {
    var history = ClientHistory()
    let first = history.invoke(.write(1), onKey: 0, byClient: 0)
    history.succeed(first, with: .written(version: 5))
    let second = history.invoke(.write(2), onKey: 0, byClient: 0)
    history.succeed(second, with: .written(version: 6))
    #expect(FinalCheck.judge(history) == [])
    let read = history.invoke(.read, onKey: 0, byClient: 1)
    history.succeed(read, with: .read(RegisterState(value: 1, version: 5)))
    let finding = try #require(FinalCheck.judge(history).first)
    #expect(finding.contains("key 0 is not linearizable since #2 ended"))
  }

  @Test("An acknowledged write to a register that nobody sees any more is reported")
  func lostRegister() {
    var history = ClientHistory()
    let write = history.invoke(.write(1), onKey: 3, byClient: 0)
    history.succeed(write, with: .written(version: 5))
    let read = history.invoke(.read, onKey: 3, byClient: 1)
    history.succeed(read, with: .read(.absent))
    #expect(FinalCheck.judge(history).count == 1)
  }

  @Test("A finding decides about the exit status and names its seed and the folder")
  func report() {
    var tally = Tally()
    tally.rounds = 1
    tally.count(.powerCut)
    let good = TallyReport(tally: tally, network: "wires", kept: nil)
    #expect(good.text.contains("1 round, 1 fault: nothing acknowledged was lost"))
    tally.findings = [Tally.Finding(seed: 9, what: "a write is lost")]
    let bad = TallyReport(tally: tally, network: "wires", kept: "/tmp/x")
    #expect(bad.text.contains("1 finding\n  seed 9: a write is lost"))
    #expect(bad.text.contains("kept in /tmp/x"))
    #expect(bad.json.contains(#""powerCut":1"#))
    #expect(bad.json.contains(#""findings":[{"seed":9,"what":"a write is lost"}]"#))
  }
}
