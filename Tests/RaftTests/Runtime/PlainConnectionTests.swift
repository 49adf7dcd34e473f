import Raft
import RaftMemoryStore
import Testing

@Suite("Connections that only know request and answer")
struct PlainConnectionTests {
  private static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.appendWindow = 8
    configuration.appendEntriesMax = 3
    configuration.tailBytesMax = 100
    return configuration
  }

  @Test("A cluster replicates, and brings back a node that was away, from its log store")
  func replication() async throws {
    try await withCluster(Self.configuration, through: PlainTransport.init) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let away = others(than: leader.id)[0]
      await cluster.stop(away)
      for number in 0..<60 {
        _ = try await leader.write([UInt8](repeating: UInt8(number), count: 9))
      }
      let again = try cluster.start(away)
      let last = try await leader.write([60])
      try await again.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await again.lines() == leader.lines())
      // A member that is gone for good can be removed.
      await cluster.stop(away)
      let receipt = try await leader.changeMembership(.removeVoters([away]))
      #expect(receipt.membership.member(away) == nil)
    }
  }

  @Test("Without pre-votes in the transport the vote decides, also when all members are named")
  func withoutPreVotes() async throws {
    var configuration = Self.configuration
    configuration.isHandoverAtShutdownEnabled = false
    try await withCluster(configuration, through: PlainTransport.init) { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let rest = others(than: leader.id)
      for id in rest {
        try await cluster.node(id).wait(
          for: WaitCondition("members are named") { metrics in
            metrics.committedMembership.membership?.members
              .allSatisfy { $0.incarnation != nil } ?? false
          }, within: TestCluster.limit)
      }
      await cluster.stop(leader.id)
      #expect(rest.contains(try await cluster.leader(among: rest).id))
    }
  }
}

/// Another transport, without its streams and without pre-votes.
private struct PlainTransport: Transport {
  let base: any Transport

  func connection(to member: Member) -> any PeerConnection {
    PlainConnection(base: self.base.connection(to: member))
  }
}

private struct PlainConnection: PeerConnection {
  let base: any PeerConnection

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    try await self.base.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.base.vote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try await self.base.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.base.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.base.close() }
}
