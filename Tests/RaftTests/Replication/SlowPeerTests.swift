import Raft
import Testing

@Suite("Replication beside slow and silent peers", .timeLimit(.minutes(5)))
struct SlowPeerTests {
  @Test("Entries do not wait for heartbeats, however far apart these are")
  func rareHeartbeats() async throws {
    var configuration = TestCluster.configuration
    configuration.heartbeatInterval = .seconds(20)
    configuration.electionTimeoutMin = .seconds(50)
    configuration.electionTimeoutMax = .seconds(60)
    configuration.isHandoverAtShutdownEnabled = false
    try await withCluster(configuration) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      for number in 0..<10 { _ = try await leader.write([UInt8(number)]) }
      let last = try await leader.write([10])
      for id: NodeID in [1, 2, 3] {
        // Also the commit of the last entry, which no further entry carries.
        try await cluster.node(id).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      }
      #expect(leader.metrics.term == 1)
    }
  }

  @Test("A peer whose connection hangs holds up no write and not its own removal")
  func hungPeer() async throws {
    let gate = Gate(isOpen: true)
    var configuration = TestCluster.steady
    configuration.appendTimeout = .milliseconds(100)
    let hanging: @Sendable (any Transport) -> any Transport = {
      HangingTransport(base: $0, hung: 3, gate)
    }
    try await withCluster(configuration, through: hanging) { cluster in
      defer { gate.open() }
      for id: NodeID in [1, 2, 3] { try cluster.start(id) }
      let leader = cluster.node(1)
      try await leader.bootstrap(with: [1, 2, 3].map(TestCluster.member))
      try await leader.wait(for: .servingLeader, within: TestCluster.limit)
      gate.close()
      for number in 0..<10 { _ = try await leader.write([UInt8(number)]) }
      let receipt = try await leader.changeMembership(.removeVoters([3]))
      #expect(receipt.membership.configurations == [[1, 2]])
      let last = try await leader.write([10])
      try await cluster.node(2).wait(for: .applied(atLeast: last), within: TestCluster.limit)
    }
  }
}

/// Another transport, whose connections to one node answer nothing while the gate is closed.
private struct HangingTransport: Transport {
  let base: any Transport
  let hung: NodeID
  let gate: Gate

  init(base: any Transport, hung: NodeID, _ gate: Gate) {
    self.base = base
    self.hung = hung
    self.gate = gate
  }

  func connection(to member: Member) -> any PeerConnection {
    let connection = self.base.connection(to: member)
    guard member.id == self.hung else { return connection }
    return HangingConnection(base: connection, gate: self.gate)
  }
}

private struct HangingConnection: PeerConnection {
  let base: any PeerConnection
  let gate: Gate

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    await self.gate.pass()
    return try await self.base.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    await self.gate.pass()
    return try await self.base.vote(request, contact: contact, within: limit)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    await self.gate.pass()
    return try await self.base.preVote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    await self.gate.pass()
    return try await self.base.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    await self.gate.pass()
    return try await self.base.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.base.close() }
}
