import Raft
import RaftHTTPTransport
import TestPace
import Testing

@Suite("Clusters over loopback HTTP", .realTime, .serialized)
struct ClusterTests {
  /// Founds a cluster of all servers; the first one leads it.
  private static func found(_ servers: [RaftServer]) async throws -> RaftNode<Journal> {
    let leader = servers[0].node
    try await leader.bootstrap(with: servers.map(\.member))
    // Only the founder has a membership, so no other campaigns before it leads.
    _ = try await leader.wait(for: .servingLeader, within: RaftServer.limit)
    return leader
  }

  @Test("Three servers elect a leader and apply its writes in the same order")
  func replication() async throws {
    try await withServers(3) { servers in
      let leader = try await Self.found(servers)
      let commands = (0..<20).map { #"{"Set":{"key":"k","value":\#($0)}}"# } + [" no JSON"]
      for (number, command) in commands.enumerated() {
        #expect(try await leader.write(command) == number + 1)
      }
      try await leader.linearizableRead()
      let end = try #require(leader.metrics.applied)
      for server in servers {
        _ = try await server.node.wait(
          for: .applied(atLeast: end.index), within: RaftServer.limit)
        #expect(try await server.node.read { $0.lines } == commands)
      }
      let report = MetricsReport(leader.metrics, at: Timestamp(nanoseconds: .max))
      #expect(try read(MetricsReport.self, Sample.text(report.jsonBytes())) == report)
      #expect(report.peers?.map(\.id) == [2, 3])
    }
  }

  @Test("A follower that was away gets what it missed")
  func restart() async throws {
    try await withServers(3) { servers in
      let leader = try await Self.found(servers)
      _ = try await leader.write("1")
      await servers[2].stop()
      _ = try await leader.write("2")
      try servers[2].start()
      let last = try #require(leader.metrics.lastLogID)
      _ = try await servers[2].node.wait(
        for: .applied(atLeast: last.index), within: RaftServer.limit)
      #expect(try await servers[2].node.read { $0.lines } == ["1", "2"])
    }
  }

  @Test("A leader's report has what a peer says that refuses its messages")
  func refused() async throws {
    try await withServers(2) { servers in
      let leader = try await Self.found(servers)
      let other = try #require(servers.first { $0.node.id != leader.id }?.member)
      try await leader.addLearner(Member(id: 9, address: other.address), admission: .atOnce)
      let metrics = try await leader.wait(
        for: WaitCondition("refused") { $0.refusals[9] != nil }, within: RaftServer.limit)
      let report = MetricsReport(metrics, at: Timestamp(nanoseconds: .max))
      #expect(
        report.peers?.first { $0.id == 9 }?.trouble == """
          it refuses messages of this node: the leader tries again by itself; it says: the message \
          is for node 9, this is node \(other.id): correct the member's address
          """)
    }
  }

  @Test("A learner that comes late gets a snapshot, and then the log behind it")
  func snapshot() async throws {
    var configuration = RaftServer.configuration
    configuration.snapshotAfter = 20
    configuration.entriesKept = 0
    try await withServers(2, configuration) { servers in
      let leader = servers[0].node
      try await leader.bootstrap(with: [servers[0].member])
      // Many messages, as the servers of these tests send pieces of 100 bytes.
      let commands = (0..<50).map { "\"line \($0)\"" }
      for command in commands { _ = try await leader.write(command) }
      _ = try await leader.wait(for: .purged(atLeast: 20), within: RaftServer.limit)
      try await leader.addLearner(servers[1].member)
      _ = try await leader.write("\"last\"")
      let last = try #require(leader.metrics.lastLogID)
      _ = try await servers[1].node.wait(
        for: .applied(atLeast: last.index), within: RaftServer.limit)
      #expect(try await servers[1].node.read { $0.lines } == commands + ["\"last\""])
      #expect(servers[1].node.metrics.snapshot != nil)
    }
  }

  @Test("Leadership goes to another server when its leader stops")
  func takeOver() async throws {
    try await withServers(3) { servers in
      let leader = try await Self.found(servers)
      _ = try await leader.write("1")
      await servers[0].stop()
      let successor = try await withThrowingTaskGroup(of: NodeID?.self) { group in
        for server in servers.dropFirst() {
          let node = server.node
          group.addTask {
            (try? await node.wait(for: .servingLeader, within: RaftServer.limit))?.id
          }
        }
        let first = try await group.next() ?? nil
        group.cancelAll()
        return first
      }
      let node = try #require(servers.first { $0.id == successor }).node
      #expect(try await node.write("2") == 2)
    }
  }

  @Test("A message that reaches the wrong server or cluster is refused as such")
  func wrongServer() async throws {
    try await withServers(2) { servers in
      for server in servers {
        // Each is a cluster of its own.
        try await server.node.bootstrap(with: [server.member])
        _ = try await server.node.wait(for: .servingLeader, within: RaftServer.limit)
      }
      let clusters = try servers.map { try #require($0.node.metrics.cluster) }
      let connection = servers[0].connection(to: servers[1].member)
      let request = VoteRequest(vote: .initial, lastLogID: nil)
      await #expect(
        throws: TransportError.refused(
          .wrongCluster(theirs: clusters[0], ours: clusters[1]))
      ) {
        try await connection.vote(
          request, contact: Contact(cluster: clusters[0], sender: 1, receiver: 2),
          within: RaftServer.limit)
      }
      await #expect(throws: TransportError.refused(.wrongNode(meant: 3, reached: 2))) {
        try await connection.vote(
          request, contact: Contact(cluster: clusters[1], sender: 1, receiver: 3),
          within: RaftServer.limit)
      }
    }
  }

  @Test("A transfer from a leader of the past is answered with the vote that stands")
  func staleTransfer() async throws {
    try await withServers(2) { servers in
      let leader = try await Self.found(servers)
      let connection = servers[0].connection(to: servers[1].member)
      let past = Vote(leader: LeaderID(term: 0, node: 1), isCommitted: true)
      let contact = Contact(cluster: leader.metrics.cluster, sender: 1, receiver: 2)
      let answer = try await connection.transferLeadership(
        TransferRequest(from: past, to: 2, lastLogID: nil), contact: contact,
        within: RaftServer.limit)
      #expect(answer == .voteChanged(expected: past, actual: leader.metrics.vote))
    }
  }
}
