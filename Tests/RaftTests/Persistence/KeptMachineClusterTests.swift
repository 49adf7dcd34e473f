import Raft
import RaftMemoryStore
import RaftStoreTesting
import Testing

@Suite("Machines that keep their own state, in a cluster")
struct KeptMachineClusterTests {
  private struct Server {
    var log = MemoryLogStore()
    let snapshots = MemorySnapshotStore()
    let disk = LedgerDisk()
    var life: (node: RaftNode<KeptLedger>, run: Task<Result<Void, NodeFailure>, Never>)?
  }

  /// Starts a server with all that it kept.
  private static func start(
    _ id: NodeID, _ server: inout Server, _ network: InProcessNetwork, _ clock: PatientClock
  ) throws {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = nil
    let node = try RaftNode(
      id: id, machine: KeptLedger(disk: server.disk), logStore: server.log,
      snapshotStore: server.snapshots, transport: network.transport(for: id),
      configuration: configuration, clock: clock, seed: id.rawValue)
    network.attach(node)
    server.life = (node, outcome { () async throws(NodeFailure) in try await node.run() })
  }

  private static func stop(_ id: NodeID, _ server: inout Server, _ network: InProcessNetwork) async
  {
    guard let life = server.life else { return }
    network.detach(id)
    await life.node.shutdown()
    _ = await life.run.value
    server.life = nil
  }

  /// The log without its end, as a power cut leaves it that no flush of the end came before.
  private static func log(_ log: MemoryLogStore, cutTo length: UInt64) async throws
    -> MemoryLogStore
  {
    let stored = try await log.load()
    let copy = MemoryLogStore(incarnation: stored.incarnation)
    let ignored = IOCompletion(io: IOID(sequence: 1, vote: .initial, logID: nil)) { _, _ in }
    if let cluster = stored.cluster { _ = copy.adopt(cluster, completion: ignored) }
    if let vote = stored.vote { _ = copy.save(vote, completion: ignored) }
    for slice in try await log.entries(from: 0, through: LogIndex(length - 1), byteLimit: .max) {
      _ = copy.append(slice, completion: ignored)
    }
    return copy
  }

  @Test("A leader that applied what its own disk then lost is not given it twice")
  func aheadOfItsLog() async throws {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let network = InProcessNetwork()
    var servers = [Server(), Server(), Server()]
    for index in servers.indices {
      try Self.start(NodeID(UInt64(index + 1)), &servers[index], network, clock)
    }
    guard let first = servers[0].life?.node else { return }
    try await first.bootstrap(with: [1, 2, 3].map(TestCluster.member))
    let leading = try await servingLeader(among: servers.compactMap(\.life?.node))
    let leader = leading.id
    let place = Int(leader.rawValue - 1)
    for number in 1...8 { _ = try await leading.write([UInt8(number)]) }

    await Self.stop(leader, &servers[place], network)
    #expect(servers[place].disk.now.lines.map(\.command) == (1...8).map { [$0] })
    servers[place].log = try await Self.log(servers[place].log, cutTo: 4)
    try Self.start(leader, &servers[place], network, clock)
    let back = try #require(servers[place].life?.node)
    let new = try await servingLeader(among: servers.compactMap(\.life?.node))
    _ = try await new.write([9])
    try await back.waitUntilApplied(through: new.readBarrier())

    #expect(servers[place].disk.now.lines.map(\.command) == (1...9).map { [$0] })
    #expect(servers[place].disk.now.lines == servers[Int(new.id.rawValue - 1)].disk.now.lines)
    for index in servers.indices {
      await Self.stop(NodeID(UInt64(index + 1)), &servers[index], network)
    }
  }
}
