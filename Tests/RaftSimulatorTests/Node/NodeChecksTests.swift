import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("Checks of what clients were told", .longRun)
struct NodeChecksTests {
  private static let first = SimulatedCommand(value: 1, key: 0, expected: nil)
  private static let second = SimulatedCommand(value: 2, key: 0, expected: nil)

  private static func lines(_ commands: SimulatedCommand...) -> [SimulatedMachine.Line] {
    commands.enumerated().map { place, command in
      SimulatedMachine.Line(
        index: LogIndex(UInt64(place + 1)), command: command, isEffective: true)
    }
  }

  private static func call(
    _ wish: CallBook.Wish, _ outcome: CallBook.Outcome, from begun: Int, to ended: Int?
  ) -> CallBook.Call {
    CallBook.Call(
      client: 1, node: 1, wish: wish, begun: begun, operations: [], ended: ended, outcome: outcome)
  }

  private static func done(_ index: UInt64, found: UInt64 = 0) -> CallBook.Outcome {
    .written([.init(index: LogIndex(index), isEffective: true, found: found)])
  }

  @Test("Calls in the order of the log break nothing")
  func good() {
    let checks = NodeChecks(
      lines: Self.lines(Self.first, Self.second),
      calls: [
        Self.call(.write([Self.first]), Self.done(1), from: 0, to: 1),
        Self.call(.write([Self.second]), Self.done(2, found: 1), from: 2, to: 3),
        Self.call(.read(key: 0), .read(2, at: 2), from: 4, to: 5),
      ])
    #expect(checks.violation() == nil)
  }

  @Test("A write that was acknowledged and is not there is found")
  func lost() {
    let checks = NodeChecks(
      lines: [], calls: [Self.call(.write([Self.first]), Self.done(1), from: 0, to: 1)])
    #expect(checks.violation()?.evidence.hasPrefix("acknowledged and lost") == true)
  }

  @Test("A write that was refused and took effect is found")
  func refused() {
    let checks = NodeChecks(
      lines: Self.lines(Self.first),
      calls: [Self.call(.write([Self.first]), .refused(.noQuorum), from: 0, to: 1)])
    #expect(checks.violation()?.evidence.hasPrefix("promised not to take effect") == true)
  }

  @Test("A command that is there twice is found")
  func twice() {
    let checks = NodeChecks(
      lines: Self.lines(Self.first, Self.first),
      calls: [Self.call(.write([Self.first]), .unknown, from: 0, to: 1)])
    #expect(checks.violation()?.evidence.hasSuffix("was applied twice") == true)
  }

  @Test("A command that nobody asked for is found")
  func phantom() {
    #expect(
      NodeChecks(lines: Self.lines(Self.first), calls: []).violation()?.evidence.hasSuffix(
        "was never asked for") == true)
  }

  @Test("A call that nobody answered is found")
  func unanswered() {
    let checks = NodeChecks(
      lines: [], calls: [Self.call(.read(key: 0), .pending, from: 0, to: nil)])
    #expect(checks.violation()?.evidence.hasPrefix("never answered") == true)
  }

  @Test("A read that does not see what was acknowledged before it began is found")
  func stale() {
    let checks = NodeChecks(
      lines: Self.lines(Self.first, Self.second),
      calls: [
        Self.call(.write([Self.first]), Self.done(1), from: 0, to: 1),
        Self.call(.write([Self.second]), Self.done(2, found: 1), from: 2, to: 3),
        Self.call(.read(key: 0), .read(1, at: 1), from: 4, to: 5),
      ])
    #expect(checks.violation()?.property == .linearizability)
  }

  @Test("Commands of one write with another's between them are found")
  func torn() {
    let other = SimulatedCommand(value: 3, key: 1, expected: nil)
    let checks = NodeChecks(
      lines: Self.lines(Self.first, other, Self.second),
      calls: [
        Self.call(.write([Self.first, Self.second]), .unknown, from: 0, to: 3),
        Self.call(.write([other]), .unknown, from: 1, to: 2),
      ])
    #expect(checks.violation()?.evidence.hasPrefix("something came between") == true)
  }
}
