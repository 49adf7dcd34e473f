import Raft
import RaftMemoryStore
import Testing

@Suite("Leaders hand over", .timeLimit(.minutes(5)))
struct TransferTests {
  @Test("The target leads when the call returns, and nothing acknowledged is lost (S85)")
  func named() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      for number in 0..<10 { _ = try await old.write([UInt8(number)]) }
      let target = others(than: old.id)[1]
      #expect(try await old.transferLeadership(to: target) == target)
      #expect(old.metrics.state == .follower && old.metrics.leader == target)
      let leader = cluster.node(target)
      try await leader.wait(for: .servingLeader, within: TestCluster.limit)
      _ = try await leader.write([10])
      #expect(try await leader.lines().map(\.command) == (0...10).map { [UInt8($0)] })
      await #expect(throws: TransferError.notLeader(old.hint(at: target))) {
        try await old.transferLeadership(to: old.id)
      }
    }
  }

  @Test("Without a name another voter leads, also under load")
  func anybody() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      async let writes = Self.write(20, at: old)
      let leader = try await old.transferLeadership()
      let acknowledged = await writes
      #expect(leader != old.id)
      let new = cluster.node(leader)
      try await new.wait(for: .servingLeader, within: TestCluster.limit)
      try await new.linearizableRead()
      let lines = try await new.lines().map(\.command)
      #expect(acknowledged.allSatisfy { lines.contains($0) })
    }
  }

  private static func write(_ count: Int, at node: RaftNode<Ledger>) async -> [[UInt8]] {
    var acknowledged: [[UInt8]] = []
    for number in 0..<count {
      let command = [UInt8(number)]
      if (try? await node.write(command)) != nil { acknowledged.append(command) }
    }
    return acknowledged
  }

  @Test("Whoever cannot take over is refused with the reason (S87)")
  func refusals() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      await #expect(throws: TransferError.alreadyLeads) {
        try await leader.transferLeadership(to: 1)
      }
      await #expect(throws: TransferError.notMember(7)) {
        try await leader.transferLeadership(to: 7)
      }
      await #expect(throws: TransferError.noOtherVoter) { try await leader.transferLeadership() }
      try cluster.start(2)
      try await leader.addLearner(TestCluster.member(2))
      await #expect(throws: TransferError.notVoter(2)) {
        try await leader.transferLeadership(to: 2)
      }
    }
  }

  @Test("A target that cannot be reached is given up, and the leader serves again (S86)")
  func givenUp() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let target = others(than: leader.id)[0]
      cluster.network.isolate(target)
      _ = try await leader.write([1])
      await #expect(throws: TransferError.givenUp(target)) {
        try await leader.transferLeadership(to: target)
      }
      #expect(leader.metrics.state == .leader && leader.metrics.transferTarget == nil)
      _ = try await leader.write([2])
      try await leader.linearizableRead()
    }
  }

  @Test("Meanwhile writes and changes are refused, until another target replaces it (S87, S88)")
  func replaced() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let (first, second) = (others(than: leader.id)[0], others(than: leader.id)[1])
      cluster.network.isolate(first)
      _ = try await leader.write([1])
      let transfer = outcome { () async throws(TransferError) in
        try await leader.transferLeadership(to: first, within: .seconds(10))
      }
      let isUnderWay = WaitCondition("transfers") { $0.transferTarget == first }
      try await leader.wait(for: isUnderWay, within: TestCluster.limit)
      let hint = leader.hint(at: first)
      await #expect(throws: WriteError.transferring(to: hint)) { try await leader.write([2]) }
      await #expect(throws: MembershipChangeError.transferring(to: hint)) {
        try await leader.changeMembership(.removeVoters([first]))
      }
      try await leader.linearizableRead()
      #expect(try await leader.transferLeadership(to: second) == second)
      #expect(await transfer.value == .failure(.replaced(by: second)))
    }
  }

  @Test("A leader that stops hands over: nobody waits for an election timeout")
  func gracefulStop() async throws {
    var configuration = TestCluster.configuration
    configuration.electionTimeoutMin = .seconds(5)
    configuration.electionTimeoutMax = .seconds(10)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([1])
      let start = cluster.now
      await old.shutdown()
      let leader = try await cluster.leader(among: others(than: old.id))
      _ = try await leader.write([2])
      let gap = Duration.nanoseconds(start.nanoseconds(to: cluster.now))
      #expect(gap < .seconds(2), "an election would have taken 5 s at the least")
    }
  }

  @Test("The time of a transfer has bounds")
  func configuration() throws {
    var configuration = Configuration()
    configuration.transferTimeout = .seconds(60)
    try configuration.validate()
    for limit in [.zero, .seconds(61)] as [Duration] {
      configuration.transferTimeout = limit
      #expect(throws: ConfigurationError.self) { try configuration.validate() }
    }
  }

  @Test("A leader that shall not hand over stops at once, and so does one whom nobody can follow")
  func stopsAtOnce() async throws {
    for (ids, isEnabled) in [([1, 2, 3], false), ([1], true)] as [([NodeID], Bool)] {
      var configuration = TestCluster.configuration
      configuration.isHandoverAtShutdownEnabled = isEnabled
      configuration.electionTimeoutMax = .seconds(10)
      try await withCluster(configuration) { cluster in
        let leader = try await cluster.form(ids)
        let term = leader.metrics.term
        let start = cluster.now
        await leader.shutdown()
        #expect(start.nanoseconds(to: cluster.now) < 100_000_000)
        #expect(cluster.node(ids[ids.count - 1]).metrics.term == term)
      }
    }
  }

  @Test("A leader that is removed hands over first (S78, S80)")
  func removed() async throws {
    var configuration = TestCluster.configuration
    configuration.electionTimeoutMin = .seconds(5)
    configuration.electionTimeoutMax = .seconds(10)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      let start = cluster.now
      try await old.changeMembership(.removeVoters([old.id]))
      _ = try await cluster.leader(among: others(than: old.id)).write([1])
      #expect(start.nanoseconds(to: cluster.now) < 2_000_000_000)
      let isGone = WaitCondition("leads no more") { $0.state != .leader }
      try await old.wait(for: isGone, within: TestCluster.limit)
    }
  }
}

extension RaftNode<Ledger> {
  fileprivate func hint(at id: NodeID) -> LeaderHint {
    LeaderHint(id: id, member: self.metrics.effectiveMembership.membership?.member(id))
  }
}
