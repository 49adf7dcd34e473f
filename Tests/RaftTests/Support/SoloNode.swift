import Raft
import RaftMemoryStore
import RaftStoreTesting

/// One node over a log store, a machine and peers that the test controls.
final class SoloNode: Sendable {
  let node: RaftNode<GatedLedger>
  let log: GatedLogStore
  let snapshots = MemorySnapshotStore()
  /// The machine's door; it stands open unless the test closes it.
  let gate: Gate
  private let ticking: Task<Void, Never>

  /// Short limits, so that a test sees them pass.
  static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.shutdownTimeout = .milliseconds(200)
    configuration.snapshotPauseMax = .milliseconds(200)
    configuration.snapshotAfter = nil
    return configuration
  }

  init(
    _ configuration: Configuration = SoloNode.configuration, log: GatedLogStore = GatedLogStore(),
    transport: any Transport = ScriptedTransport(), poison: [UInt8]? = nil
  ) throws {
    let clock = PatientClock()
    self.log = log
    self.gate = Gate(isOpen: true)
    self.ticking = Task { await clock.run() }
    self.node = try RaftNode(
      id: 1, machine: GatedLedger(self.gate, poison: poison), logStore: log,
      snapshotStore: self.snapshots, transport: transport, configuration: configuration,
      clock: clock, seed: 1)
  }

  deinit {
    self.ticking.cancel()
  }

  /// Runs the node in a task of its own.
  func run() -> Task<Result<Void, NodeFailure>, Never> {
    let node = self.node
    return outcome { () async throws(NodeFailure) in try await node.run() }
  }

  /// Founds a cluster of this node and such peers, and waits until the node leads.
  func lead(with peers: [NodeID] = [], until condition: WaitCondition = .servingLeader) async throws
  {
    try await self.node.bootstrap(with: ([1] + peers).map(TestCluster.member))
    try await self.node.wait(for: condition, within: TestCluster.limit)
  }

  /// Waits until the core takes messages.
  func serve() async {
    _ = try? await self.node.readBarrier()
  }

  func lines() async throws -> [Ledger.Line] {
    try await self.node.read { $0.ledger.lines }
  }

  /// Waits until the core has handled everything that came before.
  func turn() async throws {
    for _ in 0..<2 { _ = try await self.node.readBarrier() }
  }
}

/// Runs a node that the body controls, and stops it whatever comes of it.
func withSoloNode(
  _ solo: SoloNode, _ body: (SoloNode, Task<Result<Void, NodeFailure>, Never>) async throws -> Void
) async throws {
  let run = solo.run()
  do {
    try await body(solo, run)
  } catch {
    solo.gate.open()
    await solo.node.shutdown()
    _ = await run.value
    throw error
  }
  solo.gate.open()
  await solo.node.shutdown()
  _ = await run.value
}

/// Runs the body in a task that keeps what comes of it.
func outcome<Value: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () async throws(Failure) -> Value
) -> Task<Result<Value, Failure>, Never> {
  Task {
    do throws(Failure) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}

extension Result {
  var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
