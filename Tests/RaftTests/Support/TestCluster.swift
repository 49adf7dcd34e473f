import Raft
import RaftMemoryStore
import RaftStoreTesting
import TestPace

/// Some nodes in this process, over memory stores that survive a restart of their node.
final class TestCluster: @unchecked Sendable {
  typealias Node = RaftNode<Ledger>

  private struct Server {
    let log: MemoryLogStore
    let snapshots: MemorySnapshotStore
    let gate: GatedLogStore
    var node: Node
    var run: Task<Result<Void, NodeFailure>, Never>
  }

  let network = InProcessNetwork()
  private let clock = PatientClock()
  private let ticking: Task<Void, Never>
  private let configuration: Configuration
  private let wrap: @Sendable (any Transport) -> any Transport
  private var servers: [NodeID: Server] = [:]

  /// Timings that leave room for a busy machine.
  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.heartbeatInterval = .milliseconds(20)
    configuration.electionTimeoutMin = .milliseconds(120)
    configuration.electionTimeoutMax = .milliseconds(240)
    configuration.readTimeout = .seconds(2)
    return configuration
  }

  /// For tests in which no leader is to be missed: a founder leads at once all the same.
  static var steady: Configuration {
    var configuration = TestCluster.configuration
    configuration.electionTimeoutMin = .seconds(2)
    configuration.electionTimeoutMax = .seconds(4)
    return configuration
  }

  static let limit = Duration.seconds(10).patient

  init(
    _ configuration: Configuration = TestCluster.configuration,
    through wrap: @escaping @Sendable (any Transport) -> any Transport = { $0 }
  ) {
    self.configuration = configuration
    self.wrap = wrap
    let clock = self.clock
    self.ticking = Task { await clock.run() }
  }

  deinit {
    self.ticking.cancel()
  }

  /// The moment now, on the clock of all nodes.
  var now: Instant { self.clock.now() }

  static func member(_ id: NodeID) -> Member { Member(id: id, address: "node-\(id)") }

  static func witness(_ id: NodeID) -> Member {
    Member(id: id, address: "node-\(id)", role: .witness)
  }

  /// Starts a node, with what its stores hold from before.
  @discardableResult
  func start(
    _ id: NodeID, machine: Ledger = Ledger(), as role: Member.Role = .replica,
    over store: MemoryLogStore? = nil
  ) throws -> Node {
    var configuration = self.configuration
    configuration.role = role
    let log = store ?? self.servers[id]?.log ?? MemoryLogStore()
    let snapshots = self.servers[id]?.snapshots ?? MemorySnapshotStore()
    let gate = GatedLogStore(log)
    let node = try RaftNode(
      id: id, machine: machine, logStore: gate, snapshotStore: snapshots,
      transport: self.wrap(self.network.transport(for: id)), configuration: configuration,
      clock: self.clock, seed: id.rawValue)
    self.network.attach(node)
    let run = Task { () -> Result<Void, NodeFailure> in
      do throws(NodeFailure) {
        try await node.run()
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    self.servers[id] = Server(log: log, snapshots: snapshots, gate: gate, node: node, run: run)
    return node
  }

  /// Starts a stopped node over empty stores, as if its disk had been lost.
  @discardableResult
  func startAnew(_ id: NodeID, as role: Member.Role = .replica) throws -> Node {
    self.servers[id] = nil
    return try self.start(id, as: role)
  }

  func node(_ id: NodeID) -> Node {
    guard let server = self.servers[id] else { preconditionFailure("no node \(id)") }
    return server.node
  }

  /// Where a node keeps its log.
  func log(of id: NodeID) -> MemoryLogStore {
    guard let server = self.servers[id] else { preconditionFailure("no node \(id)") }
    return server.log
  }

  /// The disk under a node's log, which may hang, fail or be full.
  func disk(of id: NodeID) -> GatedLogStore {
    guard let server = self.servers[id] else { preconditionFailure("no node \(id)") }
    return server.gate
  }

  /// Where a node keeps its snapshots.
  func snapshots(of id: NodeID) -> MemorySnapshotStore {
    guard let server = self.servers[id] else { preconditionFailure("no node \(id)") }
    return server.snapshots
  }

  /// Waits for the end of a node's run.
  func end(of id: NodeID) async -> Result<Void, NodeFailure> {
    await self.servers[id]?.run.value ?? .success(())
  }

  /// Cancels the task that runs a node.
  func cancel(_ id: NodeID) {
    self.servers[id]?.run.cancel()
  }

  /// Stops a node; its stores stay.
  func stop(_ id: NodeID) async {
    self.network.detach(id)
    await self.node(id).shutdown()
    _ = await self.end(of: id)
  }

  /// Stops a node and starts it without anything it ever stored but its incarnation, as a store
  /// might that lost records unnoticed.
  func startEmpty(_ id: NodeID) async throws {
    let incarnation = try await self.servers[id]?.log.load().incarnation
    await self.stop(id)
    self.servers[id] = nil
    try self.start(id, over: MemoryLogStore(incarnation: incarnation))
  }

  /// Starts these nodes, founds a cluster of them, and returns its leader.
  func form(_ ids: [NodeID]) async throws -> Node {
    for id in ids { try self.start(id) }
    try await self.node(ids[0]).bootstrap(with: ids.map(TestCluster.member))
    return try await self.leader(among: ids)
  }

  /// Waits until one of these nodes serves as leader.
  func leader(among ids: [NodeID]) async throws -> Node {
    try await servingLeader(among: ids.map(self.node))
  }

  /// Stops all nodes and waits for the end of their runs.
  func stopAll() async {
    for id in self.servers.keys.sorted() { await self.stop(id) }
  }
}

/// None of some nodes led in time.
struct NoLeader: Error, CustomStringConvertible {
  let metrics: [Metrics]
  var description: String { "no leader: \(self.metrics)" }
}

/// Waits until one of these nodes serves as leader.
func servingLeader<Machine>(
  among nodes: [RaftNode<Machine>]
) async throws -> RaftNode<Machine> {
  let found = await withTaskGroup(of: NodeID?.self) { group in
    for node in nodes {
      group.addTask {
        let metrics = try? await node.wait(for: .servingLeader, within: TestCluster.limit)
        return metrics?.id
      }
    }
    for await id in group {
      guard let id else { continue }
      group.cancelAll()
      return id as NodeID?
    }
    return nil
  }
  guard let leader = nodes.first(where: { $0.id == found }) else {
    throw NoLeader(metrics: nodes.map(\.metrics))
  }
  return leader
}

/// The nodes 1, 2 and 3 without this one.
func others(than id: NodeID) -> [NodeID] {
  ([1, 2, 3] as [NodeID]).filter { $0 != id }
}

extension RaftNode<Ledger> {
  func lines() async throws -> [Ledger.Line] { try await self.read { $0.lines } }
}

/// Runs the body with a cluster, and stops all nodes whatever comes of it.
func withCluster(
  _ configuration: Configuration = TestCluster.configuration,
  through wrap: @escaping @Sendable (any Transport) -> any Transport = { $0 },
  _ body: (TestCluster) async throws -> Void
) async throws {
  let cluster = TestCluster(configuration, through: wrap)
  do {
    try await body(cluster)
  } catch {
    await cluster.stopAll()
    throw error
  }
  await cluster.stopAll()
}
