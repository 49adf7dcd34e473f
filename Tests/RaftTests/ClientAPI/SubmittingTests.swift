import Raft
import Testing

@Suite("Commands that are handed over without waiting", .timeLimit(.minutes(5)))
struct SubmittingTests {
  private typealias Ear = Hearing<GatedLedger>

  private static func logID(_ index: LogIndex) -> LogID {
    LogID(leader: LeaderID(term: 1, node: 1), index: index)
  }

  @Test("A responder hears that its command is committed before the machine applies it, then how")
  func progress() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let ear = Ear()
      solo.gate.close()
      try solo.node.submit([7], responder: ear.responder())
      #expect(await ear.words(atLeast: 1) == [.committed(Self.logID(2))])
      solo.gate.open()
      #expect(
        await ear.words(atLeast: 2) == [.committed(Self.logID(2)), .completed(.success(2))])
      #expect(try await solo.lines().map(\.command) == [[7]])
    }
  }

  @Test("Commands of one caller are taken in the order of the calls, also those nobody listens to")
  func order() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let ear = Ear()
      for number in 0..<20 as Range<UInt8> {
        try solo.node.submit([number], responder: number % 2 == 0 ? ear.responder() : nil)
      }
      let words = await ear.words(atLeast: 20)
      #expect(words.compactMap(\.result) == stride(from: 2, to: 22, by: 2).map { .success($0) })
      _ = try await solo.node.writeBarrier()
      #expect(try await solo.lines().map(\.command) == (0..<20).map { [$0] })
    }
  }

  @Test("A node that does not lead says so to the responder, once")
  func notLeader() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      let ear = Ear()
      try solo.node.submit([1], responder: ear.responder())
      try solo.node.submit([2])
      #expect(await ear.words(atLeast: 1) == [.completed(.failure(.notLeader(nil)))])
      _ = try await solo.node.withState { _ in }
      #expect(ear.words.count == 1)
    }
  }

  @Test("A command that no quorum takes is neither committed nor completed before the node stops")
  func outcomeUnknown() async throws {
    let solo = try SoloNode(transport: ScriptedTransport.obedient(through: 1))
    let ear = Ear()
    try await withSoloNode(solo) { solo, _ in
      try await solo.lead(with: [2, 3])
      try solo.node.submit([1], responder: ear.responder())
      try await solo.node.wait(for: .logIndex(atLeast: 2), within: TestCluster.limit)
      #expect(ear.words == [])
    }
    // The run has ended, so everything was heard.
    #expect(ear.words == [.completed(.failure(.outcomeUnknown))])
  }

  @Test("A responder hears the last word also if the machine fails between commit and answer")
  func machineFails() async throws {
    let solo = try SoloNode(poison: [6])
    let ear = Ear()
    try await withSoloNode(solo) { solo, run in
      try await solo.lead()
      try solo.node.submit([6], responder: ear.responder())
      guard case .failure(.stateMachine) = await run.value else {
        Issue.record("the node went on")
        return
      }
      #expect(
        ear.words == [.committed(Self.logID(2)), .completed(.failure(.outcomeUnknown))])
    }
  }

  @Test("What is submitted before the node runs is answered, also if it never does")
  func neverRuns() async throws {
    let solo = try SoloNode()
    let ear = Ear()
    try solo.node.submit([1], responder: ear.responder())
    await solo.node.shutdown()
    #expect(ear.words == [.completed(.failure(.stopped(.shutdown)))])
    #expect(throws: WriteError.stopped(.shutdown)) {
      try solo.node.submit([2], responder: ear.responder())
    }
    #expect(ear.words.count == 1)
  }

  @Test("A command that is too long is refused at the call, and the responder hears nothing")
  func tooLarge() async throws {
    var configuration = SoloNode.configuration
    configuration.writeBytesMax = 10
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      try await solo.lead()
      let ear = Ear()
      #expect(throws: WriteError.tooLarge(bytes: 11, limit: 10)) {
        try solo.node.submit([UInt8](repeating: 0, count: 11), responder: ear.responder())
      }
      try await solo.turn()
      #expect(ear.words == [])
    }
  }

  @Test("The members of a batch that is committed in parts hear of it as their part is committed")
  func parts() async throws {
    var configuration = SoloNode.configuration
    configuration.appendEntriesMax = 1
    // The peers confirm two commands and never the third.
    let solo = try SoloNode(configuration, transport: ScriptedTransport.obedient(through: 3))
    let ear = Ear()
    try await withSoloNode(solo) { solo, _ in
      try await solo.lead(with: [2, 3])
      solo.log.hold()
      for name in ["a", "b", "c"] {
        try solo.node.submit([1], responder: ear.responder(name))
      }
      let words = await ear.words(atLeast: 4)
      #expect(words.compactMap(\.committed).map(\.index) == [2, 3])
      solo.log.release()
    }
    #expect(ear.words.filter { $0.name == "c" } == [.completed(.failure(.outcomeUnknown), "c")])
  }

  @Test("Words that nobody takes off the node count as waiting writes")
  func slowResponder() async throws {
    var configuration = SoloNode.configuration
    configuration.writeBytesMax = 500
    configuration.pendingBytesMax = 600
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      try await solo.lead()
      let door = Door()
      defer { door.open() }
      // Two words for each, 256 bytes each, and none of them leaves; the node may learn a little
      // late how many there are.
      var taken = 0
      await #expect(throws: WriteError.overloaded) {
        while taken < 100 { taken += try await Self.submit(to: solo.node, heardBehind: door) }
      }
      #expect(taken >= 1)
    }
  }

  /// Submits one command whose words wait at the door, and waits until it is applied; returns 1.
  private static func submit(
    to node: RaftNode<GatedLedger>, heardBehind door: Door
  ) async throws -> Int {
    try node.submit([1]) { _ in door.pass() }
    let last = try await node.withState { $0.lastLogID?.index ?? 0 }
    try await node.wait(for: .applied(atLeast: last), within: TestCluster.limit)
    return 1
  }
}
