import RaftCommandLine
import RaftHTTP
import SensorFleetModel

/// Five servers that lose one, gain one, let one go and get the lost one back, under load.
struct FleetDemo: Sendable {
  private static let shards = 24
  private static let replicas = 2
  private static let inMotion = 4
  /// How long the rest of a table may take when everything has been shown.
  private static let restTimeout: Duration = .seconds(30)

  let rig: FleetRig
  let source: ReadingSource
  private let ledger = FleetLedger()

  init(rig: FleetRig, source: ReadingSource) {
    self.rig = rig
    self.source = source
  }

  private var timeline: Timeline { self.rig.timeline }

  /// Plays the whole piece.
  ///
  /// - Throws: ``Failure`` if a step fails, or an acknowledged reading was lost.
  func play() async throws(Failure) {
    try await self.rig.form(
      servers: 5, shards: Self.shards, replicas: Self.replicas, inMotion: Self.inMotion)
    self.timeline.tell(
      "five servers hold \(Self.shards) shards, \(Self.replicas) replicas each; see "
        + "http://\(self.rig.running[1].api)/")
    let stop = Promise<Void>()
    let load = FleetLoad(
      source: self.source, client: self.rig.client, ledger: self.ledger, clients: 24,
      pause: .milliseconds(10))
    let hasEnded = Promise<Void>()
    let loading = Task { () -> ClientError? in
      defer { hasEnded.keep(()) }
      do throws(ClientError) {
        try await load.run(until: stop)
        return nil
      } catch {
        return error
      }
    }
    do throws(Failure) {
      try await self.playActs()
    } catch {
      stop.keep(())
      loading.cancel()
      _ = await loading.value
      throw error
    }
    if self.source.isTable { try await self.sendRest(hasEnded) }
    stop.keep(())
    if let error = await loading.value {
      throw Failure(.failed, "readings could not be stored: \(error)")
    }
    try await self.finish()
  }

  /// Waits until a table is at its end, for a while.
  private func sendRest(_ hasEnded: Promise<Void>) async throws(Failure) {
    let start = ContinuousClock.now
    try await self.rig.wait(for: "the rest of the table") {
      self.timeline.show("\(self.ledger.count) readings acknowledged")
      return hasEnded.current != nil || start.duration(to: .now) > Self.restTimeout
    }
  }

  private func playActs() async throws(Failure) {
    try await self.acknowledgeMore(2000)
    let victim = try await self.kill()
    try await self.acknowledgeMore(2000)
    try await self.join(6)
    try await self.acknowledgeMore(2000)
    try await self.leave(ServerID(3))
    try await self.acknowledgeMore(2000)
    try await self.comeBack(victim)
    try await self.acknowledgeMore(2000)
  }

  private func finish() async throws(Failure) {
    self.timeline.tell(
      "\(self.ledger.count) readings are acknowledged; of \(self.ledger.unknownCount) it is not "
        + "known")
    let verification = FleetVerification(rig: self.rig, ledger: self.ledger)
    try await verification.run()
    try await verification.compareHistories()
    if let fleet = await self.rig.configuration() {
      self.timeline.tell("the history of the epochs:")
      Output.write(StatusVerb.history(of: fleet))
      Output.write(StatusVerb.servers(of: fleet))
    }
    try await self.rig.stopAll()
  }

  // MARK: Acts

  private func acknowledgeMore(_ count: Int) async throws(Failure) {
    let goal = self.ledger.count + count
    try await self.rig.wait(for: "\(count) more readings to be acknowledged") {
      self.timeline.show("\(self.ledger.count) readings acknowledged")
      // A table may end before.
      return self.ledger.count >= goal || (self.source.isTable && self.source.isAtEnd)
    }
  }

  /// Kills the server with the most primaries, and waits until others have made up for it.
  private func kill() async throws(Failure) -> FleetProcess {
    guard let fleet = await self.rig.configuration(),
      let most = fleet.servers.map(\.id).max(by: { left, right in
        fleet.shards.count { $0.primary == left } < fleet.shards.count { $0.primary == right }
      }), let victim = self.rig.server(most)
    else { throw Failure(.failed, "nobody says who holds what") }
    let count = fleet.shards.count { $0.primary == most }
    let start = ContinuousClock.now
    await victim.kill()
    self.rig.refreshClient()
    self.timeline.tell(
      "server \(most) is killed (SIGKILL), the primary of \(counted(count, "shard"))")
    try await self.rig.wait(for: "the fleet to notice") {
      guard let fleet = await self.rig.configuration() else { return false }
      return fleet.server(most)?.state == .failed
        && fleet.shards.allSatisfy { $0.primary != nil && $0.primary != most }
    }
    self.timeline.tell(
      "replicas in sync are primaries after \(start.duration(to: .now).forPeople)")
    try await self.rig.settle("new replicas to be filled")
    self.timeline.tell(
      "every shard has \(Self.replicas) replicas in sync again after "
        + "\(start.duration(to: .now).forPeople)")
    return victim
  }

  private func join(_ number: UInt64) async throws(Failure) {
    let start = ContinuousClock.now
    let server = try await self.rig.start(number)
    try await self.rig.settle("server \(number) to get its share") { fleet in
      fleet.server(ServerID(number))?.state == .inService
        && fleet.shards.contains { $0.inSync.contains(ServerID(number)) }
        && Self.isPlaced(fleet)
    }
    self.timeline.tell(
      "server \(number) has joined (process \(server.pid)) and holds its share after "
        + "\(start.duration(to: .now).forPeople)")
  }

  private func leave(_ id: ServerID) async throws(Failure) {
    let start = ContinuousClock.now
    guard let server = self.rig.server(id), !server.isEnded else {
      return try await self.leave(ServerID(id.rawValue + 1))
    }
    do throws(ClientError) {
      try await self.rig.client.ask(.post, "/leave?server=\(id)").checkForRefusal()
    } catch {
      throw Failure(.failed, "server \(id) may not leave: \(error)")
    }
    try await self.rig.settle("server \(id) to be relieved") { $0.server(id) == nil }
    do throws(ClientError) {
      _ = try await self.rig.client.ask(.post, "/part?server=\(id)")
    } catch {
      throw Failure(.failed, "server \(id) keeps its vote: \(error)")
    }
    try await server.stop()
    self.rig.refreshClient()
    self.timeline.tell(
      "server \(id) has left: others have its shards and its vote is gone, after "
        + "\(start.duration(to: .now).forPeople)")
  }

  private func comeBack(_ victim: FleetProcess) async throws(Failure) {
    let start = ContinuousClock.now
    try await victim.restart()
    self.rig.refreshClient()
    try await self.rig.settle("server \(victim.id) to get its share") { fleet in
      fleet.server(victim.id)?.state == .inService && Self.isPlaced(fleet)
    }
    self.timeline.tell(
      "server \(victim.id) is back: it learnt that others own its shards, and holds its share "
        + "again after \(start.duration(to: .now).forPeople)")
  }

  /// Whether all replicas are where they should be.
  private static func isPlaced(_ fleet: FleetConfiguration) -> Bool {
    zip(fleet.shards, fleet.placement.servers).allSatisfy { $0.inSync == $1.sorted() }
  }
}
