import Raft
import RaftHTTPTransport

/// How a node stands with its cluster, as gauges in the text format of Prometheus: what somebody is
/// woken for is a comparison of one of these with a number.
struct StandingGauges {
  /// The node.
  let metrics: Metrics
  /// When it was looked at, on the clock of the metrics.
  let now: Timestamp

  /// All values, one a line.
  ///
  /// What only a leader knows is left out elsewhere.
  var text: String {
    var text = self.gauge("raft_leader_known", self.metrics.leader == nil ? 0 : 1)
    text += self.gauge(
      "raft_log_lag",
      Self.count(self.metrics.clusterCommitted) - Self.count(self.metrics.committed?.index))
    text += self.gauge("raft_disk_stalled_milliseconds", self.disk.stalled)
    text += self.gauge("raft_disk_short", self.disk.isShort ? 1 : 0)
    guard self.metrics.state == .leader else { return text }
    text += self.gauge("raft_quorum_contact", self.metrics.hasQuorumContact ? 1 : 0)
    if let time = self.metrics.quorumAcknowledgedAt {
      text += self.gauge("raft_quorum_acknowledged_age_milliseconds", self.age(time))
    }
    text += self.gauge("raft_states_diverging", self.metrics.divergences.count)
    text += self.gauges("raft_peer_lag") { peer in
      self.metrics.lastLogID.map { peer.lag(behind: $0.index) }
    }
    text += self.gauges("raft_peer_acknowledged_age_milliseconds") { peer in
      peer.acknowledgedAt.map(self.age)
    }
    text += self.gauges("raft_peer_trouble") { $0.trouble == nil ? 0 : 1 }
    text += self.gauges("raft_peer_replaced") { $0.replacedBy == nil ? 0 : 1 }
    return text
  }

  /// For how long the disk has hung, and whether it is nearly full.
  private var disk: (stalled: Int, isShort: Bool) {
    switch self.metrics.storageTrouble {
    case .stalled(let since): (self.age(since), false)
    case .short: (0, true)
    default: (0, false)
    }
  }

  /// How many entries there are through this index.
  private static func count(_ index: LogIndex?) -> Int {
    index.map { Int($0.rawValue) + 1 } ?? 0
  }

  private func age(_ time: Timestamp) -> Int {
    Int((max(self.now, time).nanoseconds - time.nanoseconds) / 1_000_000)
  }

  private func gauge(_ name: String, _ value: Int) -> String {
    "# TYPE \(name) gauge\n\(name) \(value)\n"
  }

  /// A gauge with a value for each peer, but for those of which nothing is known.
  private func gauges(_ name: String, _ value: (MetricsReport.Peer) -> Int?) -> String {
    let peers = MetricsReport(self.metrics, at: self.now).peers ?? []
    let lines = peers.compactMap { peer in
      value(peer).map { "\(name){peer=\"\(peer.id)\"} \($0)\n" }
    }
    return lines.isEmpty ? "" : "# TYPE \(name) gauge\n" + lines.joined()
  }
}
