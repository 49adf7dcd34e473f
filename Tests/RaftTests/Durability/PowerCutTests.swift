import Raft
import RaftConcurrency
import RaftFileStore
import RaftMemoryStore
import RaftStoreTesting
import TestPace
import Testing

@Suite("A power cut of the whole cluster", .longRun)
struct PowerCutTests {
  @Test("Nothing acknowledged is lost when all nodes lose power during a load, for 200 seeds")
  func allNodes() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var next: UInt64 = 0
      for _ in 0..<8 {
        group.addTask { [seed = next] in try await PowerCut(seed: seed).run() }
        next += 1
      }
      while try await group.next() != nil {
        guard next < 200 else { continue }
        group.addTask { [seed = next] in try await PowerCut(seed: seed).run() }
        next += 1
      }
    }
  }
}

/// One life of three nodes over simulated disks: a load, a power cut in its middle, a restart.
private struct PowerCut {
  private struct Lost: Error, CustomStringConvertible {
    let description: String
  }

  private struct Server {
    let node: RaftNode<Ledger>
    let run: Task<Void, Never>
  }

  private static let ids: [NodeID] = [1, 2, 3]
  private let seed: UInt64
  private let disks = PowerCut.ids.map { _ in SimulatedFileSystem() }
  private let acknowledged = Guarded<[[UInt8]]>([])

  init(seed: UInt64) {
    self.seed = seed
  }

  private static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.snapshotAfter = 40
    configuration.entriesKept = 10
    return configuration
  }

  func run() async throws {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    try await self.live(clock)
    let reporting = try self.disks.count { try self.checkReports(of: $0) > 0 }
    guard reporting >= 2 else { throw Lost(description: "seed \(self.seed): no quorum reported") }
    try await self.comeBack(clock)
  }

  /// Forms a cluster, writes from several tasks, and cuts the power after some answers.
  private func live(_ clock: PatientClock) async throws {
    let network = InProcessNetwork()
    let servers = try await self.start(network, clock)
    let members = Self.ids.map(TestCluster.member)
    try await servers[0].node.bootstrap(with: members)
    try await servers[0].node.wait(for: .servingLeader, within: TestCluster.limit)
    let cutAfter = Int(5 + self.seed * 7 % 90)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<6 {
        group.addTask { await self.write(as: UInt8(writer), to: servers[0].node, cutAfter) }
      }
    }
    for server in servers {
      await server.node.shutdown()
      await server.run.value
    }
    self.losePower()
  }

  /// Writes until the power is cut; the writer that sees enough answers cuts it.
  private func write(as writer: UInt8, to node: RaftNode<Ledger>, _ cutAfter: Int) async {
    for number in 0..<100 {
      let command = [writer, UInt8(number)] + [UInt8](repeating: 0, count: number * 3)
      do {
        _ = try await node.write(command)
      } catch {
        return
      }
      let count = self.acknowledged.withLock { acknowledged in
        acknowledged.append(command)
        return acknowledged.count
      }
      if count == cutAfter { self.cutPower() }
    }
  }

  /// From now on no disk does anything more for the nodes that still run.
  private func cutPower() {
    for disk in self.disks { disk.crashBefore(operation: 1) }
  }

  /// What is left on the disks, once nobody uses them any more.
  private func losePower() {
    for (place, disk) in self.disks.enumerated() {
      switch self.seed % 3 {
      case 0: disk.crash(.dropUnsynced)
      case 1: disk.crash(.torn(seed: self.seed + UInt64(place)))
      default: disk.crash(.scattered(seed: self.seed + UInt64(place)))
      }
    }
  }

  /// No report of the store came before the sync that covers what it reports; returns how many
  /// reports there were.
  private func checkReports(of disk: SimulatedFileSystem) throws -> Int {
    let journal = disk.journal
    let reports = journal.events.filter { event in
      if case .noted(let mark) = event.action { return mark.hasPrefix("flushed") }
      return false
    }
    for report in stride(from: 0, to: reports.count, by: max(1, reports.count / 8)) {
      if let event = journal.firstUncovered(at: reports[report].sequence) {
        throw Lost(
          description: "seed \(self.seed): \(reports[report]) although \(event) was not durable")
      }
    }
    return reports.count
  }

  /// Starts all nodes from what the disks kept, and looks for everything acknowledged.
  private func comeBack(_ clock: PatientClock) async throws {
    let network = InProcessNetwork()
    let servers = try await self.start(network, clock)
    let (lines, last) = try await self.readAndWrite(servers)
    for command in self.acknowledged.withLock({ $0 }) {
      let count = lines.count { $0 == command }
      guard count == 1 else {
        throw Lost(
          description: "seed \(self.seed): \(command.prefix(2)) is there \(count) times")
      }
    }
    for server in servers {
      try await server.node.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      let own = try await server.node.read { $0.lines.map(\.command) }
      guard own == lines + [[255]] else {
        throw Lost(description: "seed \(self.seed): node \(server.node.id) differs")
      }
    }
    for server in servers {
      await server.node.shutdown()
      await server.run.value
    }
  }

  /// Everything that a leader has, read under a quorum, and the position of one command more.
  ///
  /// While disks' threads wait for the processor, one leader may be followed by another.
  private func readAndWrite(_ servers: [Server]) async throws -> ([[UInt8]], LogIndex) {
    while true {
      let leader = try await self.leader(servers)
      do {
        try await leader.linearizableRead()
        let lines = try await leader.read { $0.lines.map(\.command) }
        return (lines, try await leader.write([255]))
      } catch ReadError.notLeader, ReadError.noQuorum, WriteError.notLeader, WriteError.noQuorum {
        continue
      }
    }
  }

  private func leader(_ servers: [Server]) async throws -> RaftNode<Ledger> {
    let found = await withTaskGroup(of: Int?.self) { group in
      for (place, server) in servers.enumerated() {
        group.addTask {
          let metrics = try? await server.node.wait(
            for: .servingLeader, within: TestCluster.limit)
          return metrics.map { _ in place }
        }
      }
      for await place in group {
        guard let place else { continue }
        group.cancelAll()
        return place as Int?
      }
      return nil
    }
    guard let found else {
      let metrics = servers.map { String(describing: $0.node.metrics) }.joined(separator: "\n")
      throw Lost(description: "seed \(self.seed): no leader after the restart\n\(metrics)")
    }
    return servers[found].node
  }

  private func start(
    _ network: InProcessNetwork, _ clock: PatientClock
  ) async throws -> [Server] {
    var servers: [Server] = []
    for (id, disk) in zip(Self.ids, self.disks) {
      let store = try await FileStore.open(
        directory: "/data", node: id, fileSystem: disk,
        configuration: FileStoreConfiguration(segmentSize: 4096))
      let node = try RaftNode(
        id: id, machine: Ledger(), logStore: NotingLogStore(store.log, on: disk),
        snapshotStore: store.snapshots, transport: network.transport(for: id),
        configuration: Self.configuration, clock: clock, seed: self.seed &* 31 &+ id.rawValue)
      network.attach(node)
      servers.append(Server(node: node, run: Task { try? await node.run() }))
    }
    return servers
  }
}
