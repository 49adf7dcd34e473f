import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftHTTPTransport

/// A cluster of processes that loses its leader in the middle of a load, and loses no data.
final class Demo: Sendable {
  /// How many writes, and later reads, are under way at once.
  private static let concurrency = 64
  /// How long any step may take.
  private static let stepTimeout: Duration = .seconds(60)
  /// How patient clients are: a fail-over must fit in many times.
  private static let patience = KVClient.Patience(
    total: .seconds(40), attempt: .seconds(3), pause: .milliseconds(150))

  /// The processes.
  let servers = ServerList()
  private let source: LineSource
  private let timeline: Timeline
  private let program: String
  private let folder: String
  private let http: HTTPClient
  private let ledger = Ledger()

  /// A demonstration that loads these lines.
  ///
  /// - Parameters:
  ///   - source: The lines.
  ///   - program: The path of this program.
  ///   - folder: Where the servers keep their data.
  ///   - http: Reaches the servers.
  ///   - timeline: Tells what happens.
  init(
    source: LineSource, program: String, folder: String, http: HTTPClient, timeline: Timeline
  ) {
    self.source = source
    self.program = program
    self.folder = folder
    self.http = http
    self.timeline = timeline
  }

  /// Plays the whole piece.
  ///
  /// - Throws: ``Failure`` if a step fails, or an acknowledged write was lost or changed.
  func play() async throws(Failure) {
    let client = try await self.formCluster()
    let start = ContinuousClock.now
    let loading = Task { () -> Result<Void, ClientError> in
      // Nobody shall wait for lines that do not come.
      defer { self.ledger.end() }
      do throws(ClientError) {
        return .success(try await self.load(client))
      } catch {
        return .failure(error)
      }
    }
    do throws(Failure) {
      try await self.loseLeader(client)
      try await self.addFourth(client)
    } catch {
      loading.cancel()
      _ = await loading.value
      throw error
    }
    do throws(ClientError) {
      try await withTaskCancellationHandler {
        await loading.value
      } onCancel: {
        loading.cancel()
      }.get()
    } catch {
      throw Failure(.failed, "a line could not be written: \(error)")
    }
    let (total, repeated) = (self.source.census.lines, self.ledger.repeatedCount)
    let rate = (Double(total) / (start.duration(to: .now) / .seconds(1))).rounded(to: 0)
    self.timeline.tell("all \(total) lines are acknowledged, \(rate) a second")
    if repeated > 0 {
      self.timeline.tell(
        "\(repeated) of them were sent again, as the kill left their outcome unknown")
    }
    try await Verification(self.ledger.lines, client: client)
      .run(concurrency: Self.concurrency, timeline: self.timeline)
    try await self.compareLogs(client)
    try await self.servers.stopAll()
  }

  // MARK: Acts

  private func formCluster() async throws(Failure) -> KVClient {
    let ids: [NodeID] = [1, 2, 3]
    for id in ids { try await self.start(id) }
    let client = KVClient(
      self.servers.all.map(\.api), http: self.http, patience: Self.patience)
    do throws(ClientError) {
      try await client.found(at: self.servers.all[0].api)
      for server in self.servers.all.dropFirst() {
        try await client.addLearner(server.id, api: server.api, raft: server.raft)
      }
      try await client.changeMembership(ids)
    } catch {
      throw Failure(.failed, "the cluster could not be formed: \(error)")
    }
    let leader = try await self.leader(client)
    self.timeline.tell(
      "they form a cluster: voters 1, 2 and 3; node \(leader.id) leads in term \(leader.vote.term)")
    return client
  }

  private func load(_ client: KVClient) async throws(ClientError) {
    let total = self.source.census.lines
    let loader = Loader(client: client, source: self.source, concurrency: Self.concurrency)
    try await loader.run { line, receipt in
      let count = self.ledger.note(line, receipt)
      self.timeline.show("\(count) of \(total) lines acknowledged")
    }
  }

  /// Kills the leader in the middle of the load, lets the others go on, and brings it back.
  private func loseLeader(_ client: KVClient) async throws(Failure) {
    let total = self.source.census.lines
    _ = await self.ledger.reaching(total * 2 / 5).value(within: Self.stepTimeout)
    let old = try await self.leader(client)
    guard let victim = self.servers.server(old.id) else {
      throw Failure(.failed, "node \(old.id) leads, and is none of ours")
    }
    let resumed = self.ledger.resuming(after: old.vote.leader)
    await victim.kill()
    self.timeline.tell(
      "\(self.ledger.count) lines are acknowledged; leader \(old.id) is killed (SIGKILL)")
    try await self.writeMark(client)
    guard let outage = await resumed.value(within: Self.stepTimeout) else {
      throw Failure(.failed, "no write was acknowledged by a new leader")
    }
    let new = try await self.leader(client)
    self.timeline.tell(
      "node \(new.id) leads in term \(new.vote.term); no write was acknowledged for "
        + "\(outage.forPeople)")

    _ = await self.ledger.reaching(total * 3 / 5).value(within: Self.stepTimeout)
    let target = try await self.leader(client).committed
    let restart = ContinuousClock.now
    try await victim.restart()
    try await self.wait(for: "node \(old.id) to catch up") {
      guard let report = try? await client.metrics(of: victim.api) else { return false }
      return (report.applied?.index ?? 0) >= (target?.index ?? 0)
    }
    self.timeline.tell(
      "node \(old.id) is started again, and caught up in "
        + "\(restart.duration(to: .now).forPeople)")
  }

  /// One write that is sure to come after the kill.
  private func writeMark(_ client: KVClient) async throws(Failure) {
    let mark = Line(key: "raft-kv demo", text: "written after the leader was killed")
    do throws(ClientError) {
      let receipt = try await client.write(.set(key: Key(mark.key), value: mark.text))
      self.ledger.note(mark, receipt)
    } catch {
      throw Failure(.failed, "the cluster does not recover from the loss of its leader: \(error)")
    }
  }

  private func addFourth(_ client: KVClient) async throws(Failure) {
    let start = ContinuousClock.now
    let server = try await self.start(4)
    do throws(ClientError) {
      try await client.addLearner(server.id, api: server.api, raft: server.raft)
      let learned = start.duration(to: .now)
      try await client.changeMembership([1, 2, 3, 4])
      self.timeline.tell(
        "node 4 has joined: caught up as a learner in \(learned.forPeople), a voter after "
          + "\(start.duration(to: .now).forPeople)")
    } catch {
      throw Failure(.failed, "node 4 could not join: \(error)")
    }
  }

  // MARK: Means

  @discardableResult
  private func start(_ id: NodeID) async throws(Failure) -> ServerProcess {
    let server = try await ServerProcess.start(id, program: self.program, folder: self.folder)
    self.servers.add(server)
    self.timeline.tell("node \(id) runs at \(server.api) (process \(server.pid))")
    return server
  }

  /// The leader with a quorum behind it, as it sees itself.
  private func leader(_ client: KVClient) async throws(Failure) -> MetricsReport {
    let found = Guarded<MetricsReport?>(nil)
    try await self.wait(for: "a leader") {
      for server in self.servers.all {
        guard let report = try? await client.metrics(of: server.api),
          report.state == .leader, report.hasQuorumContact
        else { continue }
        found.withLock { $0 = report }
        return true
      }
      return false
    }
    guard let report = found.withLock({ $0 }) else {
      preconditionFailure("a leader was found and is gone")
    }
    return report
  }

  /// Looks again and again, as other processes cannot call back.
  private func wait(
    for what: String, _ condition: () async -> Bool
  ) async throws(Failure) {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: Self.stepTimeout)
    while !(await condition()) {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      if let failure = self.servers.all.compactMap(\.failure).first {
        throw Failure(.failed, failure)
      }
      guard clock.now < deadline else {
        throw Failure(.failed, "waited in vain for \(what)")
      }
      try? await clock.sleep(for: .milliseconds(30))
    }
  }

  /// Waits until all servers have applied the same log.
  private func compareLogs(_ client: KVClient) async throws(Failure) {
    let last = try await self.leader(client).lastLogIndex ?? 0
    for server in self.servers.all {
      try await self.wait(for: "node \(server.id) to apply the log through \(last)") {
        guard let report = try? await client.metrics(of: server.api) else { return false }
        return (report.applied?.index ?? 0) >= last
      }
    }
    self.timeline.tell("all four servers have applied the same log, through entry \(last)")
  }
}
