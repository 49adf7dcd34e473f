import Raft
import RaftConcurrency
import SensorFleetModel

/// What the leader of the log looks after: who is heard, and that primaries are where they should.
///
/// It only proposes. What is so, the committed log says.
extension FleetNode {
  /// After how long a server that is not heard of is given up.
  static let lostAfter: Duration = .milliseconds(1500)
  private static let lookInterval: Duration = .milliseconds(150)
  private static let balanceInterval: Duration = .seconds(2)

  /// Looks after the fleet whenever this server leads; returns when the node stops.
  func lookAfterFleet() async {
    await self.node.whileLeading { leadership in
      await self.lookAfterFleet(under: leadership)
    }
  }

  private func lookAfterFleet(under leadership: RaftNode<FleetMachine>.Leadership) async {
    // Nobody is given up for what a leader before heard.
    let start = SteadyClock.now
    self.heard.withLock { $0 = [:] }
    var balancedAt = start
    while !Task.isCancelled {
      try? await ContinuousClock().sleep(for: Self.lookInterval)
      let configuration = self.host.configuration
      let now = SteadyClock.now
      let heard = self.heard.withLock { $0 }
      for server in configuration.servers where server.isServing && server.id != self.id {
        guard now - max(heard[server.id] ?? start, start) > Self.lostAfter else { continue }
        _ = try? await leadership.write(.lost(server.id, starts: server.starts))
      }
      if now - balancedAt > Self.balanceInterval, Self.isUnbalanced(configuration) {
        balancedAt = now
        _ = try? await leadership.write(.balance)
      }
    }
  }

  /// Whether a shard at rest has another primary than it should.
  private static func isUnbalanced(_ configuration: FleetConfiguration) -> Bool {
    guard configuration.shardsInMotion == 0 else { return false }
    return zip(configuration.shards, configuration.placement.servers).contains { shard, desired in
      guard let first = desired.first, let primary = shard.primary else { return false }
      return primary != first && shard.inSync.contains(first)
    }
  }
}
