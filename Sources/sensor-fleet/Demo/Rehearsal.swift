import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import SensorFleetModel

/// One run of troubles under load: everything that was acknowledged must be there in the end.
struct Rehearsal: Sendable {
  /// What can happen.
  enum Trouble: String, CaseIterable, Sendable {
    case primaryKilled = "primary killed"
    case backupKilled = "backup killed"
    case leaderKilled = "leader of the log killed"
    case primaryStopped = "primary stopped (SIGSTOP) beyond its ownership"
    case partition = "partition"
  }

  /// What a run met.
  struct Tally: Sendable {
    var troubles: [Trouble: Int] = [:]
    var acknowledged = 0
    var unknown = 0
    var epochs = 0
  }

  private static let shards = 12
  /// How long a primary stands still: longer than it owns its shards, and than it is waited for.
  private static let standstill: Duration = .milliseconds(3500)

  let rig: FleetRig
  let seed: UInt64

  /// Plays all troubles in an order that the seed decides.
  ///
  /// - Throws: ``Failure`` if an acknowledged reading is lost or servers contradict each other.
  func play() async throws(Failure) -> Tally {
    var chance = SeededChance(seed: self.seed)
    let replicas = 2 + Int(self.seed % 2)
    try await self.rig.form(servers: 5, shards: Self.shards, replicas: replicas, inMotion: 4)
    let ledger = FleetLedger()
    let source = ReadingSource(seed: self.seed, devices: 100, batch: 10)
    let stop = Promise<Void>()
    let load = FleetLoad(
      source: source, client: self.rig.client, ledger: ledger, clients: 16,
      pause: .milliseconds(5))
    let loading = Task { () -> ClientError? in
      do throws(ClientError) {
        try await load.run(until: stop)
        return nil
      } catch {
        return error
      }
    }
    var tally = Tally()
    do throws(Failure) {
      try await self.wait(until: ledger, has: 500)
      for trouble in Trouble.allCases.shuffled(using: &chance) {
        try await self.play(trouble, &chance)
        tally.troubles[trouble, default: 0] += 1
        try await self.wait(until: ledger, has: ledger.count + 200)
      }
    } catch {
      stop.keep(())
      loading.cancel()
      _ = await loading.value
      throw error
    }
    stop.keep(())
    if let error = await loading.value {
      throw Failure(.failed, "readings could not be stored: \(error)")
    }
    return try await self.finish(ledger, &tally)
  }

  private func finish(_ ledger: FleetLedger, _ tally: inout Tally) async throws(Failure) -> Tally {
    try await self.rig.settle("all replicas to be in sync again") { fleet in
      fleet.servers.allSatisfy { $0.state == .inService }
    }
    let verification = FleetVerification(rig: self.rig, ledger: ledger)
    try await verification.run()
    try await verification.compareHistories()
    if let contradiction = ledger.contradiction { throw Failure(.failed, contradiction) }
    tally.acknowledged = ledger.count
    tally.unknown = ledger.unknownCount
    tally.epochs = ledger.epochCount
    try await self.rig.stopAll()
    return tally
  }

  private func wait(until ledger: FleetLedger, has count: Int) async throws(Failure) {
    try await self.rig.wait(for: "\(count) readings to be acknowledged") { ledger.count >= count }
  }

  // MARK: Troubles

  private func play(_ trouble: Trouble, _ chance: inout SeededChance) async throws(Failure) {
    guard let fleet = await self.rig.configuration(),
      let shard = fleet.shards.filter({ $0.primary != nil && $0.inSync.count > 1 })
        .randomElement(using: &chance)
    else {
      // Everything is still changing hands: a moment later it is not.
      try await self.rig.settle("something to disturb")
      return try await self.play(trouble, &chance)
    }
    let pause = Duration.milliseconds(.random(in: 300...2500, using: &chance))
    switch trouble {
    case .primaryKilled:
      try await self.kill(shard.primary, "the primary of shard \(shard.shard)", pause)
    case .backupKilled:
      let backup = shard.inSync.first { $0 != shard.primary }
      try await self.kill(backup, "a backup of shard \(shard.shard)", pause)
    case .leaderKilled:
      try await self.kill(try await self.rig.leader().id, "the leader of the log", pause)
    case .primaryStopped:
      guard let server = shard.primary.flatMap(self.rig.server) else { return }
      self.rig.timeline.tell("server \(server.id), a primary, stands still (SIGSTOP)")
      server.signal(SIGSTOP)
      try? await ContinuousClock().sleep(for: Self.standstill)
      server.signal(SIGCONT)
      self.rig.timeline.tell("server \(server.id) goes on")
    case .partition:
      await self.partition(shard, fleet, &chance)
    }
  }

  private func kill(_ id: ServerID?, _ what: String, _ pause: Duration) async throws(Failure) {
    guard let server = id.flatMap(self.rig.server) else {
      throw Failure(.failed, "\(what) is none of ours")
    }
    await server.kill()
    self.rig.timeline.tell("server \(server.id), \(what), is killed")
    try? await ContinuousClock().sleep(for: pause)
    try await server.restart()
    self.rig.timeline.tell("server \(server.id) is started again after \(pause.forPeople)")
  }

  /// Cuts two servers, one of them a primary, off from the three others.
  private func partition(
    _ shard: ShardAssignment, _ fleet: FleetConfiguration, _ chance: inout SeededChance
  ) async {
    var few = [shard.primary ?? ServerID(1)]
    if let other = fleet.servers.map(\.id).filter({ !few.contains($0) })
      .randomElement(using: &chance)
    {
      few.append(other)
    }
    let many = fleet.servers.map(\.id).filter { !few.contains($0) }
    self.rig.timeline.tell("servers \(few) are cut off from \(many)")
    for (side, others) in [(few, many), (many, few)] {
      for server in side.compactMap(self.rig.server) {
        let names = others.map(\.description).joined(separator: ",")
        _ = try? await self.rig.http.send(
          HTTPRequest(.post, "/cut?servers=\(names)&milliseconds=4000"), to: server.api,
          within: .seconds(2))
      }
    }
    try? await ContinuousClock().sleep(for: .milliseconds(4200))
    self.rig.timeline.tell("the network is whole again")
  }
}

/// Chance that a seed decides.
struct SeededChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state &+= 1
    return StableHash.of(self.state, 0x5EED)
  }
}
