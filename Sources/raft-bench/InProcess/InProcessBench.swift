import Raft
import RaftConcurrency
import Synchronization

/// What openraft's own benchmark measures: the cost of consensus in one process, with stores in
/// memory, a machine that does nothing and calls for a network.
///
/// The clock runs from the start of the first node until the leader has applied everything. Then
/// all nodes must agree about every command.
struct InProcessBench: Sendable {
  let options: InProcessOptions

  func run() async throws -> BenchRow {
    let echo = await Echo(
      clients: self.options.clients,
      operations: min(self.options.operations / self.options.batch, 1_000_000)
    ).run()
    let load = Load(
      clients: self.options.clients, operations: self.options.operations,
      batch: self.options.batch, payloadBytes: self.options.payloadBytes)
    let tally = Load.Tally()
    let before = ProcessFigures()
    let cluster = try await BenchCluster(count: self.options.members)
    let shared = SharedCluster(cluster)
    let killer = Task {
      for await _ in tally.half {}
      if self.options.killsLeader { try await shared.killLeader() }
    }
    try await load.run(tally) { try await shared.current.leader() }
    try await killer.value
    let state = try await shared.current.settle()
    let after = ProcessFigures()
    await shared.current.stop()
    let calls = (self.options.operations + self.options.batch - 1) / self.options.batch
    let written = calls * self.options.batch
    let unknown = tally.unknown.load(ordering: .relaxed)
    guard state.count <= UInt64(written), state.count >= UInt64(written - unknown) else {
      throw BenchFailure("\(written) commands were written, and \(state.count) are applied")
    }
    return BenchRow(
      options: self.options, written: written, unknown: unknown,
      seconds: Double(after.time - before.time) / 1e9,
      processorMicroseconds: Double(after.processorTime - before.processorTime) / 1e3,
      allocations: after.allocations - before.allocations, echoNanoseconds: echo,
      samples: tally.samples.withLock { $0.sorted() }, peakMemory: ProcessFigures.peakMemory)
  }
}

/// The cluster, which loses a node while clients use it.
private final class SharedCluster: Sendable {
  private let cluster: Guarded<BenchCluster>

  init(_ cluster: BenchCluster) {
    self.cluster = Guarded(cluster)
  }

  var current: BenchCluster { self.cluster.withLock { $0 } }

  func killLeader() async throws {
    var cluster = self.current
    let id = try await cluster.leader().id
    let doomed = cluster
    cluster.forget(id)
    let rest = cluster
    self.cluster.withLock { $0 = rest }
    await doomed.kill(id)
  }
}
