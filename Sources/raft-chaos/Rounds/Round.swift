import Glibc
import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftSimulator

/// One cluster under one storm, and what it must be like afterwards.
struct Round: Sendable {
  /// How many voters a cluster begins with.
  static let voters = 5
  /// How long the cluster is left in peace before the storm.
  private static let prelude: Duration = .milliseconds(500)

  let cluster: ChaosCluster
  let seed: UInt64
  let kinds: Set<FaultKind>
  let duration: Duration
  let readsAreStale: Bool
  let timeline: RaftCommandLine.Timeline
  /// Everything of this round.
  let folder: String

  /// Plays the round.
  ///
  /// - Returns: What it met, with what must not be.
  /// - Throws: ``Failure`` if it could not be played.
  func play() async throws(Failure) -> Tally {
    let tally = Guarded(Tally())
    let history = HistoryLog()
    let ledger = Ledger()
    try await self.cluster.found(Self.voters)
    for server in self.cluster.servers { server.beginToLie() }
    var load = Workload(
      client: self.cluster.client, history: history, ledger: ledger, seed: self.seed)
    load.readsAreStale = self.readsAreStale
    let loading = Task { [load] in await load.run() }
    try? await ContinuousClock().sleep(for: Self.prelude)
    let storm = Storm(
      cluster: self.cluster, seed: self.seed, kinds: self.kinds, duration: self.duration,
      tally: tally, tell: { [timeline = self.timeline] in timeline.tell($0) })
    var findings: [String] = []
    do throws(Failure) {
      try await storm.rage()
    } catch {
      if error.code == .interrupted || Task.isCancelled {
        loading.cancel()
        throw error
      }
      findings.append(error.message)
    }
    let check = FinalCheck(
      cluster: self.cluster, history: history, ledger: ledger, timeline: self.timeline)
    // A cluster of which something is found already need not become whole.
    findings += Self.surprises(self.cluster)
    if findings.isEmpty { findings += await check.recover() }
    loading.cancel()
    await loading.value
    if findings.isEmpty { findings += await check.compare(tally) }
    findings += check.judge()
    return Self.sum(
      tally.withLock { $0 }, self.cluster, history, ledger, findings, seed: self.seed,
      in: self.folder)
  }

  /// Ends and words of servers that no fault explains.
  static func surprises(_ cluster: ChaosCluster) -> [String] {
    var findings = cluster.everyone.flatMap(\.surprises)
    for server in cluster.everyone {
      let flipped = server.flips.map(\.path)
      let unexplained = server.wordsOnDamage.first { line in
        !flipped.contains { line.contains($0) }
      }
      if let unexplained {
        findings.append(
          "server \(server.id) speaks of damage, and nobody damaged that: \(unexplained)")
      }
    }
    return findings
  }

  /// Adds up a round, and writes down its history.
  static func sum(
    _ met: Tally, _ cluster: ChaosCluster, _ history: HistoryLog, _ ledger: Ledger,
    _ findings: [String], seed: UInt64, in folder: String
  ) -> Tally {
    _ = Output.write(history.text, toFile: folder + "/history")
    var tally = met
    tally.rounds = 1
    for operation in history.history.operations {
      switch operation.outcome {
      case .succeeded: tally.succeeded += 1
      case .failed: tally.failed += 1
      case .unknown, .pending: tally.unknown += 1
      }
    }
    tally.acknowledged = ledger.acknowledged.count
    for server in cluster.everyone {
      tally.count("servers rebuilt for damaged data", server.rebuildCount)
      tally.count("syncs of servers", Int(server.control[.seenSyncs]))
      tally.count("readings of a clock that is off", Int(server.control[.seenShifted]))
    }
    let late = Self.surprises(cluster).filter { !findings.contains($0) }
    tally.findings = (findings + late).map { Tally.Finding(seed: seed, what: $0) }
    return tally
  }
}
