import Raft
import Testing

@Suite("Looking at a node and at its machine", .timeLimit(.minutes(5)))
struct StateTests {
  @Test("What a look shows contains everything that was asked of the node before")
  func looks() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      for number in 1...20 as ClosedRange<UInt8> {
        try solo.node.submit([number])
        let last = try await solo.node.withState { $0.lastLogID?.index }
        #expect(last == LogIndex(UInt64(number) + 1))
      }
    }
  }

  @Test("A stopped node shows nothing")
  func stopped() async throws {
    let solo = try SoloNode()
    await solo.node.shutdown()
    await #expect(throws: ReadError.stopped(.shutdown)) {
      try await solo.node.withState { $0.state }
    }
    await #expect(throws: ReadError.stopped(.shutdown)) {
      try await solo.node.withStateMachine { _ in }
    }
    await #expect(throws: ReadError.stopped(.shutdown)) { try await solo.node.isInitialized }
  }

  @Test("Nothing is applied while the machine is lent, and what the borrower changes stays")
  func lends() async throws {
    let cluster = TestCluster()
    let node = try await cluster.form([1])
    _ = try await node.write([1])
    let gate = Gate()
    let loan = Task { try await Self.poison(node, behind: gate) }
    await gate.reached()
    try node.submit([2])
    let index = try await node.withState { $0.lastLogID?.index ?? 0 }
    try await node.wait(for: .committed(atLeast: index), within: TestCluster.limit)
    #expect(node.metrics.applied?.index != index)
    gate.open()
    #expect(try await loan.value == 1)
    try await node.wait(for: .applied(atLeast: index), within: TestCluster.limit)
    await #expect(throws: WriteError.outcomeUnknown) { try await node.write([66]) }
    await cluster.stopAll()
  }

  /// Makes the machine of one server refuse a command, when the gate opens.
  private static func poison(_ node: RaftNode<Ledger>, behind gate: Gate) async throws -> Int {
    try await node.withStateMachine { ledger in
      await gate.pass()
      ledger.poison = [66]
      return ledger.lines.count
    }
  }

  @Test("A node is initialized as soon as it has a log or a vote")
  func initialized() async throws {
    try await withCluster { cluster in
      let first = try cluster.start(1)
      let second = try cluster.start(2)
      #expect(try await !first.isInitialized)
      try await first.bootstrap(with: [TestCluster.member(1)])
      #expect(try await first.isInitialized)
      #expect(try await !second.isInitialized)
      await cluster.stop(1)
      #expect(try await cluster.start(1).isInitialized)
    }
  }

  @Test("Voters, learners and members by id and by name are those of the membership in force")
  func members() async throws {
    try await withCluster { cluster in
      let node = try cluster.start(1)
      #expect(node.voterIDs == [] && node.learnerIDs == [] && node.member(1) == nil)
      var member = TestCluster.member(1)
      member.name = "first"
      try await node.bootstrap(with: [member])
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
      member = TestCluster.member(2)
      member.name = "second"
      try await node.addLearner(member, admission: .atOnce)
      #expect(node.voterIDs == [1] && node.learnerIDs == [2])
      #expect(node.member(named: "second")?.id == 2 && node.member(named: "third") == nil)
      #expect(node.member(2)?.name == "second" && node.member(3) == nil)
    }
  }

  @Test("The newest snapshot can be read, with what it stands for")
  func snapshot() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      #expect(try await solo.node.latestSnapshot() == nil)
      let index = try await solo.node.write([5])
      solo.node.triggers.buildSnapshot()
      try await solo.node.wait(for: .snapshot(atLeast: index), within: TestCluster.limit)
      let snapshot = try #require(try await solo.node.latestSnapshot())
      #expect(snapshot.meta.lastLogID.index == index)
      var bytes: [UInt8] = []
      let reader = try await snapshot.read()
      while let piece = try await reader.next() { bytes += piece }
      #expect(bytes.count == 17 && bytes.last == 5)
    }
  }
}
