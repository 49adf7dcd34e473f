import Raft
import RaftCommandLine
import RaftConcurrency
import RaftFiles
import RaftHTTPTransport

/// One cluster of which one server's disk loses a bit again and again.
struct FlipRound: Sendable {
  /// How many voters the cluster has.
  private static let voters: Int = 3
  /// How long a server may take to say that its data is damaged.
  private static let noticeLimit: Duration = .seconds(30)
  /// How many complete files of its log a server has before a bit is flipped.
  private static let segmentsMin = 2

  let cluster: ChaosCluster
  let seed: UInt64
  let count: Int
  let timeline: Timeline
  let folder: String

  /// Plays the round.
  func play() async throws(Failure) -> Tally {
    let tally = Guarded(Tally())
    let (history, ledger) = (HistoryLog(), Ledger())
    try await self.cluster.found(Self.voters)
    let load = Workload(
      client: self.cluster.client, history: history, ledger: ledger, seed: self.seed)
    let loading = Task { await load.run() }
    var findings: [String] = []
    do throws(Failure) {
      var chance = SeededGenerator(seed: self.seed)
      let server = self.cluster.servers[Int.random(in: 0..<Self.voters, using: &chance)]
      for number in 1...self.count where findings.isEmpty {
        let before = ledger.acknowledged.count
        if let finding = try await self.damage(server, number, tally, &chance) {
          findings.append(finding)
        } else if ledger.acknowledged.count == before {
          findings.append("no write was acknowledged while server \(server.id) was rebuilt")
        }
      }
    } catch {
      if error.code == .interrupted || Task.isCancelled {
        loading.cancel()
        throw error
      }
      findings.append(error.message)
    }
    let check = FinalCheck(
      cluster: self.cluster, history: history, ledger: ledger, timeline: self.timeline)
    findings += Round.surprises(self.cluster)
    if findings.isEmpty { findings += await check.recover() }
    loading.cancel()
    await loading.value
    if findings.isEmpty { findings += await check.compare(tally) }
    findings += check.judge()
    return Round.sum(
      tally.withLock { $0 }, self.cluster, history, ledger, findings, seed: self.seed,
      in: self.folder)
  }

  /// Flips one bit and waits until the server is whole again; returns what is wrong.
  private func damage(
    _ server: ChaosServer, _ number: Int, _ tally: Guarded<Tally>, _ chance: inout SeededGenerator
  ) async throws(Failure) -> String? {
    try await self.cluster.wait(for: "server \(server.id) to seal files of its log") {
      ((try? SealedData(in: server.data).segments().count) ?? 0) >= Self.segmentsMin
    }
    let rebuilt = server.rebuildCount
    let wordCount = server.wordsOnDamage.count
    let isStopped = Bool.random(using: &chance)
    if isStopped { await server.kill() }
    guard let flip = try Storm.flip(server, withSnapshot: isStopped, &chance) else {
      try await self.cluster.start(server)
      return try await self.damage(server, number, tally, &chance)
    }
    let state = isStopped ? "is down" : "runs"
    self.timeline.tell("\(number): server \(server.id) \(state), flipped: \(flip)")
    try await self.cluster.start(server)
    let start = ContinuousClock.now
    do throws(Failure) {
      try await self.cluster.wait(for: "the damage to be told", within: Self.noticeLimit) {
        server.wordsOnDamage.count > wordCount && server.rebuildCount > rebuilt
          || !flip.isThere
      }
    } catch {
      return "server \(server.id) says nothing of \(flip): \(error)"
    }
    guard server.rebuildCount > rebuilt else {
      self.timeline.tell("   the file was purged before it was read again")
      tally.withLock { $0.count("flips in files that were purged before they were read again") }
      return nil
    }
    let noticed = start.duration(to: .now)
    guard server.wordsOnDamage[wordCount...].contains(where: { $0.contains(flip.path) }) else {
      return
        "server \(server.id) names another file than \(flip): \(server.wordsOnDamage[wordCount])"
    }
    tally.withLock { $0.count(.bytesFlipped) }
    try await self.cluster.wait(for: "server \(server.id) to be rebuilt after \(flip)") {
      guard server.isRunning, !server.isBeingRebuilt, let leader = await self.cluster.leader(),
        let report = await self.cluster.client.metrics(of: leader.place.api)
      else { return false }
      return report.committedMembership.membership?.isVoter(server.id) == true
    }
    let whole = start.duration(to: .now)
    self.timeline.tell(
      "   told after \(noticed.forPeople), rebuilt and a voter again after \(whole.forPeople)")
    return nil
  }
}

extension SealedData.Flip {
  /// Whether the file still has its name.
  var isThere: Bool { FileIdentity.of(self.path) != 0 }
}
