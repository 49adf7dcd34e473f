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
      operations: min(self.options.operations / self.options.batch, self.options.echoCalls)
    ).run()
    let load = Load(
      clients: self.options.clients, operations: self.options.operations,
      batch: self.options.batch, payloadBytes: self.options.payloadBytes,
      parts: self.options.parts)
    let tally = Load.Tally()
    let before = ProcessFigures()
    let cluster = try await BenchCluster(self.options)
    let shared = SharedCluster(cluster)
    let killer = Task {
      await tally.half.wait()
      if self.options.killsLeader { try await shared.killLeader() }
    }
    let joiner = Task { () -> Joining? in
      await tally.third.wait()
      return self.options.hasJoiner ? try await self.join(shared, tally) : nil
    }
    try await load.run(tally) { try await shared.current.leader() }
    try await killer.value
    let joining = try await joiner.value
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
      latencies: tally.latencies.withLock { $0 }, peakMemory: ProcessFigures.peakMemory,
      marks: tally.marks.withLock { $0 }, joining: joining)
  }

  /// What became of a learner.
  struct Joining: Sendable {
    let seconds: Double
    /// How many commands the clients had begun when it joined.
    let from: Int
    /// How many they had begun when it had caught up.
    let through: Int
  }

  /// Adds a learner, and waits until it lacks no more than what clients write at one time.
  private func join(_ shared: SharedCluster, _ tally: Load.Tally) async throws -> Joining {
    let (start, from) = (ProcessFigures.monotonic(), tally.taken.load(ordering: .relaxed))
    let id = try await shared.join()
    let lag = 1000 + 4 * self.options.clients * self.options.batch
    while try await shared.current.lag(of: id) > lag {
      // Whoever watches the metrics would be woken by every write.
      try await ContinuousClock().sleep(for: .milliseconds(2))
    }
    return Joining(
      seconds: Double(ProcessFigures.monotonic() - start) / 1e9, from: from,
      through: min(tally.taken.load(ordering: .relaxed), self.options.operations))
  }
}

/// The cluster, whose nodes come and go while clients use it.
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

  /// Starts a node and makes it a learner.
  func join() async throws -> NodeID {
    let (cluster, joiner) = try self.current.joined()
    self.cluster.withLock { $0 = cluster }
    try await cluster.leader().addLearner(Member(id: joiner, address: ""), admission: .atOnce)
    return joiner
  }
}
