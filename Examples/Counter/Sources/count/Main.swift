import Counter
import Raft
import RaftMemoryStore

/// One server: what it keeps, and its node.
struct Server {
  let id: NodeID
  let journal = Journal()
  let snapshots = MemorySnapshotStore()

  /// A node over all that the server kept from earlier lives.
  func start(on network: InProcessNetwork) throws -> RaftNode<Counter> {
    let node = try RaftNode(
      id: self.id, machine: Counter(), logStore: JournalStore(over: self.journal),
      snapshotStore: self.snapshots, transport: network.transport(for: self.id))
    network.attach(node)
    return node
  }
}

/// Three servers count together; the leader stops, comes back, and has missed nothing.
@main struct Count {
  static func main() async throws {
    let network = InProcessNetwork()
    let servers = [1, 2, 3].map { Server(id: $0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      var nodes: [RaftNode<Counter>] = []
      for server in servers {
        let node = try server.start(on: network)
        nodes.append(node)
        group.addTask { try await node.run() }
      }
      try await nodes[0].bootstrap(
        with: servers.map { Member(id: $0.id, address: "server-\($0.id)") })
      let first = try await Self.leader(of: nodes)
      print("server \(first.id) leads")
      print("counted to \(try await Self.count(to: 100, on: nodes))")

      network.detach(first.id)
      await first.shutdown()
      print("server \(first.id) stopped")
      print("counted to \(try await Self.count(to: 200, on: nodes))")
      let rest = nodes.filter { $0.id != first.id }

      let again = try servers[Int(first.id.rawValue) - 1].start(on: network)
      group.addTask { try await again.run() }
      let barrier = try await Self.leader(of: rest).readBarrier()
      for node in rest + [again] {
        try await node.waitUntilApplied(through: barrier)
        print("server \(node.id) reads \(try await node.read { $0.value })")
      }
      group.cancelAll()
    }
  }

  /// The one of these nodes that leads, as soon as one does.
  static func leader(of nodes: [RaftNode<Counter>]) async throws -> RaftNode<Counter> {
    let known = nodes.map(\.id)
    let metrics = try await nodes[0].wait(
      for: WaitCondition("one of \(known) leads") { metrics in
        metrics.leader.map(known.contains) ?? false
      }, within: .seconds(20))
    guard let leader = nodes.first(where: { $0.id == metrics.leader }) else { return nodes[0] }
    try await leader.wait(for: .servingLeader, within: .seconds(20))
    return leader
  }

  /// Adds one until the number is reached, at whoever leads; returns it.
  static func count(to end: Int64, on nodes: [RaftNode<Counter>]) async throws -> Int64 {
    while true {
      let value = try await askLeader(of: nodes.map(\.id), within: .seconds(20)) {
        (id) async throws(WriteError) in
        guard let node = nodes.first(where: { $0.id == id }) else { throw .notLeader(nil) }
        return try await node.write(.add(1))
      }
      if value >= end { return value }
    }
  }
}
