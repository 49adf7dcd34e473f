import Raft
import RaftEngine

/// A scenario, gone through many times.
struct EngineRun {
  let scenario: EngineScenario
  let members: Int
  let rounds: Int

  /// What its steps cost.
  func run() throws(BenchFailure) -> [EngineLedger.Row] {
    var cluster = try EngineCluster(
      self.scenario, count: self.members + (self.scenario == .membership ? 1 : 0),
      voters: self.members, self.configuration)
    // Caches are warm and arrays have their sizes before anything counts.
    let warmUp = max(2, self.rounds / 20)
    for round in 0..<(warmUp + self.rounds) {
      cluster.isMeasuring = round >= warmUp
      try self.round(round, &cluster)
    }
    cluster.isMeasuring = false
    // What was committed last is known to all.
    for _ in 0..<2 { try cluster.beat() }
    try cluster.check()
    try self.checkAnswers(of: cluster, rounds: warmUp + self.rounds)
    return cluster.ledger.rows
  }

  private var configuration: Configuration {
    var configuration = Configuration()
    if self.scenario == .snapshot {
      // Nothing that a snapshot holds stays in the log, and no failure is waited out for long.
      configuration.snapshotAfter = nil
      configuration.entriesKept = 0
      configuration.entriesKeptForPeers = 0
      configuration.backoffMax = configuration.backoffMin
    }
    return configuration
  }

  private func round(_ round: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    guard let leader = cluster.leader else { throw BenchFailure("nobody leads in round \(round)") }
    switch self.scenario {
    case .write: try self.write(leader, &cluster)
    case .heartbeat: try cluster.beat()
    case .read: try self.read(leader, &cluster)
    case .election: try self.elect(leader, &cluster)
    case .membership: try self.change(leader, round, &cluster)
    case .transfer: try self.transfer(leader, &cluster)
    case .snapshot: try self.snapshot(leader, &cluster)
    }
  }

  private func write(_ leader: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    cluster.now = cluster.now.advanced(byNanoseconds: 10_000)
    try cluster.tick()
    let before = cluster.engine(leader).committed.nextIndex
    try cluster.tell(leader, .proposed(count: 1, byteCount: 0, timestamp: .epoch))
    guard cluster.engine(leader).committed?.index == before else {
      throw BenchFailure("the write at \(before) is not committed: \(cluster.engine(leader))")
    }
  }

  private func read(_ leader: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    cluster.now = cluster.now.advanced(byNanoseconds: 10_000)
    try cluster.tick()
    let timeout: Int64 = 300_000_000
    for age in [nil, 50_000_000] as [Int64?] {
      let ticket = cluster.ask()
      try cluster.tell(
        leader, .readRequested(ReadWish(ageMax: age, isAsking: true, timeout: timeout), ticket))
    }
  }

  /// The leader is not told of the time, and so says nothing, until all have waited for long enough.
  private func elect(_ leader: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    cluster.advance(milliseconds: 700)
    let followers = cluster.nodes.indices.filter { $0 != leader }
    guard
      let next = followers.min(by: { cluster.engine($0).deadline < cluster.engine($1).deadline })
    else { return }
    try cluster.tell(next, .elapsed)
    guard cluster.leader == next else {
      throw BenchFailure("node \(next + 1) was not elected: \(cluster.engine(next))")
    }
    try cluster.beat()
  }

  /// The last voter and the last learner change places.
  private func change(
    _ leader: Int, _ round: Int, _ cluster: inout EngineCluster
  ) throws(BenchFailure) {
    let ids = cluster.nodes.map { $0[0].id }
    let last = round % 2 == 0 ? ids[self.members] : ids[self.members - 1]
    let ticket = cluster.ask()
    try cluster.tell(
      leader,
      .membershipChangeRequested(
        .replaceVoters(ids.prefix(self.members - 1) + [last]), retainingRemoved: true,
        timestamp: .epoch, ticket))
    try cluster.beat()
  }

  private func transfer(_ leader: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    let next = (leader + 1) % self.members
    let ticket = cluster.ask()
    try cluster.tell(
      leader, .transferWanted(to: cluster.engine(next).id, within: nil, ticket))
    guard cluster.leader == next else {
      throw BenchFailure("node \(next + 1) did not take over: \(cluster.engine(next))")
    }
    try cluster.beat()
  }

  private func snapshot(_ leader: Int, _ cluster: inout EngineCluster) throws(BenchFailure) {
    let last = self.members - 1
    cluster.unreachable = [last]
    for _ in 0..<2 {
      try cluster.tell(leader, .proposed(count: 1, byteCount: 0, timestamp: .epoch))
    }
    try cluster.tell(leader, .snapshotRequested)
    cluster.unreachable = []
    let committed = cluster.engine(leader).committed
    for _ in 0..<20 where cluster.engine(last).applied != committed { try cluster.beat() }
    guard cluster.engine(last).applied == committed,
      cluster.engine(last).snapshot == cluster.engine(leader).snapshot
    else { throw BenchFailure("node \(last + 1) got no snapshot: \(cluster.engine(last))") }
  }

  private func checkAnswers(of cluster: EngineCluster, rounds: Int) throws(BenchFailure) {
    let right = cluster.answers.count { answer in
      switch (self.scenario, answer) {
      case (.read, .readable), (.membership, .membershipChanged),
        (.transfer, .leadershipTransferred):
        true
      default: false
      }
    }
    let expected =
      switch self.scenario {
      case .read: 2 * rounds
      case .membership, .transfer: rounds
      default: 0
      }
    guard right == expected, cluster.answers.count == expected else {
      throw BenchFailure(
        "\(right) of \(expected) wishes were met, \(cluster.answers.count) answered")
    }
  }
}
