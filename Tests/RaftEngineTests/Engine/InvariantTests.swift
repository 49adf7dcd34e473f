import Testing

@testable import RaftEngine

@Suite("Broken invariants are told with the evidence")
struct InvariantTests {
  private static func engine() -> Engine {
    Engine(
      id: 1, configuration: EngineConfiguration(), recovered: Engine.Recovered(), seed: 1,
      at: Instant(nanoseconds: 0))
  }

  @Test("A sound engine passes, and one that commits beyond its log is told of")
  func state() throws {
    var engine = Self.engine()
    try engine.check()
    engine.committed = LogID(term: 1, node: 1, index: 0)
    let breach = #expect(throws: InvariantBreach.self) { try engine.check() }
    #expect(breach?.evidence.hasPrefix("committed beyond the log: node 1 ") == true)
  }

  @Test("A commit that goes back is told of")
  func past() throws {
    var engine = Self.engine()
    engine.log.append(LeaderID(term: 1, node: 1), from: 0, through: 0)
    engine.committed = LogID(term: 1, node: 1, index: 0)
    let evidence = InvariantEvidence(engine)
    try engine.check(since: evidence)
    engine.committed = nil
    let breach = #expect(throws: InvariantBreach.self) { try engine.check(since: evidence) }
    #expect(breach?.evidence.hasPrefix("commit went back: node 1 ") == true)
  }

  @Test("A leader that appends while it hands over is told of")
  func loudTransfer() throws {
    var leader = Fixture.leader()
    _ = leader.step(.transferWanted(to: 2, within: nil, Ticket(1)))
    let evidence = InvariantEvidence(leader.engine)
    try leader.engine.check(since: evidence)
    leader.engine.log.append(LeaderID(term: 1, node: 1), from: 2, through: 2)
    let breach = #expect(throws: InvariantBreach.self) {
      try leader.engine.check(since: evidence)
    }
    #expect(breach?.evidence.hasPrefix("appended during a transfer: node 1 ") == true)
  }
}
