import Raft
import RaftMemoryStore

/// The nodes of one process: memory stores, calls for a network, and nothing else between them.
struct BenchCluster {
  private struct Server {
    let node: RaftNode<BenchMachine>
    let log: MemoryLogStore
    let run: Task<Void, any Error>
  }

  private static let patience: Duration = .seconds(60)

  private let network = InProcessNetwork()
  private let options: InProcessOptions
  private var servers: [Server] = []

  /// Starts nodes 1 to the last, founds their cluster, and waits for its leader.
  init(_ options: InProcessOptions) async throws {
    self.options = options
    for number in 1...options.members { try self.start(NodeID(UInt64(number))) }
    let members = self.servers.map { Member(id: $0.node.id, address: "") }
    try await self.servers[0].node.bootstrap(with: members)
    // By itself it would stand when its clock says so.
    if options.clockDivisor > 1 { self.servers[0].node.triggers.startElection() }
    try await self.servers[0].node.wait(for: .servingLeader, within: Self.patience)
  }

  private mutating func start(_ id: NodeID) throws {
    let log = MemoryLogStore()
    let node = try RaftNode(
      id: id, machine: BenchMachine(), logStore: log, snapshotStore: MemorySnapshotStore(),
      transport: self.transport(of: id), configuration: self.configuration(of: id),
      clock: self.clock)
    self.network.attach(node)
    self.servers.append(Server(node: node, log: log, run: Task { try await node.run() }))
  }

  private var clock: any NodeClock {
    let divisor = Int64(self.options.clockDivisor)
    return divisor > 1 ? SlowClock(divisor: divisor) : SystemClock()
  }

  /// The last of the founders is the slow one, if one is.
  private var slow: NodeID? {
    self.options.delay > 0 ? NodeID(UInt64(self.options.members)) : nil
  }

  private func transport(of id: NodeID) -> any Transport {
    let direct = self.network.transport(for: id)
    guard let slow = self.slow else { return direct }
    return LateTransport(direct, to: slow, by: .milliseconds(self.options.delay))
  }

  private func configuration(of id: NodeID) -> Configuration {
    var configuration = Configuration()
    // As openraft's benchmark has it; the rest, snapshots among it, as usual.
    configuration.electionTimeoutMin = .milliseconds(200)
    configuration.electionTimeoutMax = .milliseconds(2000)
    configuration.purgeBatch = 1024
    configuration.isHandoverAtShutdownEnabled = false
    if self.options.keepsLog { configuration.snapshotAfter = nil }
    if let records = self.options.flightRecords { configuration.flightRecords = records }
    // Who is slow only follows.
    if id == self.slow { configuration.electionPriority = .never }
    return configuration
  }

  /// Starts one more node; the cluster with it.
  func joined() throws -> (cluster: BenchCluster, joiner: NodeID) {
    var cluster = self
    let id = NodeID(UInt64(self.options.members + 1))
    try cluster.start(id)
    return (cluster, id)
  }

  /// The node that leads, as soon as one of these does.
  func leader() async throws -> RaftNode<BenchMachine> {
    let ids = self.servers.map(\.node.id)
    let isLed = WaitCondition("a leader among \(ids)") { metrics in
      metrics.leader.map(ids.contains) ?? false
    }
    let metrics = try await self.servers[0].node.wait(for: isLed, within: Self.patience)
    guard let server = self.servers.first(where: { $0.node.id == metrics.leader }) else {
      throw BenchFailure("node \(String(describing: metrics.leader)) leads and is unknown")
    }
    return server.node
  }

  /// How many entries this node lacks of the leader's log.
  func lag(of id: NodeID) async throws -> Int {
    let metrics = try await self.leader().metrics
    let matched = metrics.replication.first { $0.id == id }?.matched
    return (matched?.index.rawValue).map { Int(metrics.lastLogID?.index.rawValue ?? 0) - Int($0) }
      ?? .max
  }

  /// Asks this node for nothing any more.
  mutating func forget(_ id: NodeID) {
    self.servers.removeAll { $0.node.id == id }
  }

  /// Ends a node's process, as far as a node in a shared one can: nobody hears of it again.
  func kill(_ id: NodeID) async {
    self.network.isolate(id)
    self.network.detach(id)
    for server in self.servers where server.node.id == id {
      await server.node.shutdown()
      _ = try? await server.run.value
    }
  }

  /// Waits until all nodes have applied what the leader has, and compares them.
  func settle() async throws -> BenchMachine.State {
    let leader = try await self.leader()
    // The machine sees commands only; the barrier behind them tells that all are applied.
    let barrier = try await leader.readBarrier()
    var states: [(id: NodeID, state: BenchMachine.State, tail: [LogID])] = []
    for server in self.servers {
      try await server.node.wait(
        for: .applied(atLeast: barrier.index), within: Self.patience)
      let state = try await server.node.read { $0.state }
      states.append((server.node.id, state, try await self.tail(of: server, from: barrier.index)))
    }
    for other in states.dropFirst() {
      // Who got a snapshot lately has fewer entries: what both have must be the same.
      let count = min(other.tail.count, states[0].tail.count)
      let (tail, first) = (other.tail.suffix(count), states[0].tail.suffix(count))
      guard other.state == states[0].state, tail.elementsEqual(first) else {
        throw BenchFailure(
          """
          node \(other.id) differs from node \(states[0].id): \(other.state), \(tail), \
          not \(states[0].state), \(first)
          """)
      }
    }
    return states[0].state
  }

  /// The last positions of a node's log.
  private func tail(of server: Server, from last: LogIndex) async throws -> [LogID] {
    let stored = try await server.log.load()
    let first = max(
      stored.purged.map { $0.index.rawValue + 1 } ?? 0,
      last.rawValue > 99 ? last.rawValue - 99 : 0)
    let slices = try await server.log.entries(
      from: LogIndex(first), through: last, byteLimit: .max)
    return slices.flatMap { slice in
      (slice.first.rawValue...slice.last.rawValue).map {
        LogID(leader: slice.run.leader, index: LogIndex($0))
      }
    }
  }

  func stop() async {
    for server in self.servers {
      await server.node.shutdown()
      _ = try? await server.run.value
    }
  }
}
