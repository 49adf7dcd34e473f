import Raft
import RaftFileStore
import RaftFiles
import RaftMemoryStore
import RaftStoreTesting
import Testing

@Suite("Two replicas and a witness", .timeLimit(.minutes(5)))
struct WitnessTests {
  private static let members = [TestCluster.member(1), TestCluster.member(2), .witness(3)]

  private static func form(
    _ cluster: TestCluster
  ) async throws -> (leader: RaftNode<Ledger>, other: RaftNode<Ledger>) {
    try cluster.start(1)
    try cluster.start(2)
    try cluster.start(3, as: .witness)
    try await cluster.node(1).bootstrap(with: Self.members)
    let leader = try await cluster.leader(among: [1, 2])
    return (leader, cluster.node(leader.id == 1 ? 2 : 1))
  }

  @Test("They lose the replica that follows, and go on")
  func losesFollower() async throws {
    try await withCluster { cluster in
      let (leader, other) = try await Self.form(cluster)
      _ = try await leader.write([1])
      await cluster.stop(other.id)
      _ = try await leader.write([2])
      try await leader.linearizableRead()
      #expect(try await leader.lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("They lose the replica that leads, and go on with all that was acknowledged")
  func losesLeader() async throws {
    var configuration = TestCluster.configuration
    configuration.isHandoverAtShutdownEnabled = false
    try await withCluster(configuration) { cluster in
      let (leader, other) = try await Self.form(cluster)
      let last = try await leader.write([1])
      try await other.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await cluster.stop(leader.id)
      try await other.wait(for: .servingLeader, within: TestCluster.limit)
      _ = try await other.write([2])
      #expect(try await other.lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("The witness's vote does not elect a replica that lacks what the witness has confirmed")
  func oldLog() async throws {
    var configuration = TestCluster.configuration
    configuration.isHandoverAtShutdownEnabled = false
    try await withCluster(configuration) { cluster in
      let (leader, other) = try await Self.form(cluster)
      let first = try await leader.write([1])
      try await other.wait(for: .applied(atLeast: first), within: TestCluster.limit)
      await cluster.stop(other.id)
      let last = try await leader.write([2])
      try await cluster.node(3).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await cluster.stop(leader.id)
      let back = try cluster.start(other.id)
      let isElected = WaitCondition("leads") { $0.state == .leader }
      await #expect(throws: WaitError.self) {
        try await back.wait(for: isElected, within: .milliseconds(600))
      }
      // With the log that it lacks, it is another matter.
      try cluster.start(leader.id)
      _ = try await cluster.leader(among: [1, 2])
      try await back.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await back.lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("A witness refuses reads and writes with the reason, and takes no leadership")
  func refusals() async throws {
    try await withCluster { cluster in
      let (leader, other) = try await Self.form(cluster)
      _ = try await leader.write([1])
      let witness = cluster.node(3)
      let isFollowing = WaitCondition("knows the leader as the membership names it") {
        $0.leader == leader.id
          && $0.effectiveMembership.membership?.member(leader.id)?.incarnation != nil
      }
      let known = try await witness.wait(for: isFollowing, within: TestCluster.limit)
      let member = try #require(known.effectiveMembership.membership?.member(leader.id))
      let hint = LeaderHint(id: leader.id, member: member)
      await #expect(throws: ReadError.witness) { try await witness.read { $0.lines } }
      await #expect(throws: ReadError.notLeader(hint)) {
        try await witness.linearizableRead()
      }
      await #expect(throws: ReadError.notLeader(hint)) {
        try await witness.readBarrier()
      }
      await #expect(throws: WriteError.notLeader(hint)) {
        try await witness.write([2])
      }
      await #expect(throws: TransferError.witness(3)) {
        try await leader.transferLeadership(to: 3)
      }
      #expect(try await leader.transferLeadership() == other.id)
    }
  }

  @Test("A witness founds no cluster, and nobody is described as one that founds it")
  func founding() async throws {
    try await withCluster { cluster in
      try cluster.start(1)
      try cluster.start(3, as: .witness)
      await #expect(throws: BootstrapError.witness(3)) {
        try await cluster.node(3).bootstrap(with: Self.members)
      }
      await #expect(throws: BootstrapError.invalid(.witnessMajority([3]))) {
        try await cluster.node(1).bootstrap(with: [.witness(3)])
      }
    }
  }

  @Test("A node whose role is not the membership's stops and says so", arguments: [1, 2])
  func otherRole(_ place: Int) async throws {
    try await withCluster { cluster in
      try cluster.start(1)
      // The second starts as a witness and is a replica, or the third the other way round.
      try cluster.start(2, as: place == 1 ? .witness : .replica)
      try cluster.start(3, as: place == 1 ? .witness : .replica)
      try await cluster.node(1).bootstrap(with: Self.members)
      _ = try await cluster.node(1).wait(for: .servingLeader, within: TestCluster.limit)
      _ = try await cluster.node(1).write([1])
      let role = place == 1 ? Member.Role.witness : .replica
      let end = await cluster.end(of: place == 1 ? 2 : 3)
      #expect(throws: NodeFailure.protocolViolated(.otherRole(than: role))) { try end.get() }
    }
  }

  @Test("The stores of a witness are refused by a replica, and the other way round")
  func otherStores() async throws {
    try await withCluster { cluster in
      let (leader, other) = try await Self.form(cluster)
      let last = try await leader.write([1])
      try await other.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      try await cluster.node(3).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      await cluster.stop(3)
      await cluster.stop(other.id)
      try cluster.start(3, as: .replica)
      try cluster.start(other.id, as: .witness)
      for id in [3, other.id] {
        guard case .failure(.storage(let error)) = await cluster.end(of: id) else {
          Issue.record("node \(id) runs")
          continue
        }
        #expect(error.kind == .foreign)
      }
    }
  }

  @Test("A witness that comes late gets a snapshot without state, and builds none with any")
  func snapshots() async throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = 5
    configuration.entriesKept = 0
    try await withCluster(configuration) { cluster in
      try cluster.start(1)
      try cluster.start(2)
      try await cluster.node(1).bootstrap(with: Self.members)
      let leader = try await cluster.leader(among: [1, 2])
      for number in 0..<20 { _ = try await leader.write([UInt8(number)]) }
      let isPurged = WaitCondition("has purged") { $0.purged != nil }
      try await leader.wait(for: isPurged, within: TestCluster.limit)
      let witness = try cluster.start(3, as: .witness)
      var last = try await leader.write([20])
      try await witness.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      let received = try #require(try await cluster.snapshots(of: 3).latest())
      #expect(received.meta.form == .withheld && received.meta.byteCount == 0)
      for number in 21..<40 { last = try await leader.write([UInt8(number)]) }
      let hasBuilt = WaitCondition("has built a snapshot") {
        ($0.snapshot?.index ?? 0) > received.meta.lastLogID.index
      }
      try await witness.wait(for: hasBuilt, within: TestCluster.limit)
      let built = try #require(try await cluster.snapshots(of: 3).latest())
      #expect(built.meta.form == .withheld && built.meta.byteCount == 0)
      // It starts from that, too.
      await cluster.stop(3)
      let back = try cluster.start(3, as: .witness)
      last = try await leader.write([40])
      try await back.wait(for: .applied(atLeast: last), within: TestCluster.limit)
    }
  }

  @Test("A witness's disk holds no byte of a payload, also of one that its leader read back")
  func bytes() async throws {
    var configuration = TestCluster.configuration
    configuration.tailBytesMax = 0
    try await withCluster(configuration) { cluster in
      let disk = SimulatedFileSystem()
      let store = try await FileStore.open(directory: "/data", node: 3, fileSystem: disk)
      try cluster.start(1)
      try cluster.start(2)
      try await cluster.node(1).bootstrap(with: Self.members)
      let leader = try await cluster.leader(among: [1, 2])
      let secret = Array("a payload that is easy to find".utf8)
      _ = try await leader.write(secret)
      configuration.role = .witness
      let witness = try RaftNode(
        id: 3, machine: Ledger(), logStore: store.log, snapshotStore: store.snapshots,
        transport: cluster.network.transport(for: 3), configuration: configuration)
      cluster.network.attach(witness)
      let run = Task { try await witness.run() }
      let last = try await leader.write(secret)
      try await witness.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      cluster.network.detach(3)
      await witness.shutdown()
      try await run.value
      var byteCount = 0
      for path in try Self.files(in: "/data", of: disk) {
        let file = try disk.open(path, .readOnly)
        let bytes = try file.read(upTo: try file.size(), at: 0)
        byteCount += bytes.count { $0 != 0 }
        #expect(!Self.holds(bytes, secret.prefix(12)), "\(path)")
      }
      #expect(byteCount > 100)
    }
  }

  private static func files(
    in folder: String, of disk: SimulatedFileSystem
  ) throws -> [String] {
    try disk.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      let isFolder = try disk.status(of: path)?.kind == .directory
      return isFolder ? try Self.files(in: path, of: disk) : [path]
    }
  }

  private static func holds(_ bytes: [UInt8], _ wanted: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: wanted) }
  }
}

extension Member {
  fileprivate static func witness(_ id: NodeID) -> Member { TestCluster.witness(id) }
}
