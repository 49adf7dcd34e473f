import Raft
import RaftCommandLine
import RaftConcurrency

/// Faults of all kinds that come upon a cluster for a while, from three sides at once: servers and
/// their disks, network and clocks, and changes of the membership.
///
/// The seed decides which faults come, upon whom and for how long; what they meet is decided by the
/// processes' own pace.
struct Storm: Sendable {
  let cluster: ChaosCluster
  let seed: UInt64
  /// Which faults may come.
  let kinds: Set<FaultKind>
  let duration: Duration
  let tally: Guarded<Tally>
  let tell: @Sendable (String) -> Void
  /// The server whose data was damaged: one in a storm, since the others rebuild it.
  let damaged = Guarded<NodeID?>(nil)

  /// Between two faults of the same side, at most.
  private static let restMax = 600

  /// Brings faults until the time is over, and ends them all.
  ///
  /// - Throws: ``Failure`` if a server does what it must not.
  func rage() async throws(Failure) {
    let deadline = ContinuousClock.now.advanced(by: self.duration)
    let failure = await withTaskGroup(of: Failure?.self) { group in
      for side in [0, 1, 2] as [UInt64] {
        group.addTask { await self.rage(side, until: deadline) }
      }
      var first: Failure?
      for await failure in group {
        guard let failure, first == nil else { continue }
        first = failure
        group.cancelAll()
      }
      return first
    }
    if let failure { throw failure }
  }

  private func rage(_ side: UInt64, until deadline: ContinuousClock.Instant) async -> Failure? {
    var chance = SeededGenerator(seed: self.seed &* 3 &+ side)
    let kinds = FaultKind.allCases.filter { self.kinds.contains($0) && $0.side == side }
    do throws(Failure) {
      while !Task.isCancelled, ContinuousClock.now < deadline,
        let kind = kinds.randomElement(using: &chance)
      {
        try await self.bring(kind, &chance)
        await self.rest(0...Self.restMax, &chance)
      }
      return nil
    } catch {
      return error
    }
  }

  private func bring(
    _ kind: FaultKind, _ chance: inout SeededGenerator
  ) async throws(Failure) {
    switch kind {
    case .killed, .stopped, .terminated, .powerCut, .diskFull, .writeFailed, .syncFailed,
      .diskStalled, .bytesFlipped:
      guard let server = await self.cluster.claim(&chance, where: \.isRunning) else { return }
      defer { self.cluster.release([server]) }
      try await self.disturb(server, kind, &chance)
    case .allKilled, .allPowerCut:
      let servers = self.cluster.claimAll()
      defer { self.cluster.release(servers) }
      try await self.fell(servers, kind, &chance)
    case .split, .leaderIsolated, .oneWay, .partial:
      try await self.divide(kind, &chance)
    case .clockJumped:
      self.shiftClocks(&chance)
    case .learnerAdded, .learnerPromoted, .memberRemoved, .memberReplaced, .leaderTransferred:
      try await self.change(kind, &chance)
    }
  }

  /// Notes that a fault was done.
  func note(_ kind: FaultKind, _ what: String) {
    self.tally.withLock { $0.count(kind) }
    self.tell("\(what): \(kind.rawValue)")
  }

  /// Waits for some time from a range of milliseconds.
  func rest<Chance: RandomNumberGenerator>(
    _ milliseconds: ClosedRange<Int>, _ chance: inout Chance
  ) async {
    let time = Duration.milliseconds(Int.random(in: milliseconds, using: &chance))
    try? await ContinuousClock().sleep(for: time)
  }
}

extension FaultKind {
  /// Which side of a storm it belongs to: servers, network, membership.
  fileprivate var side: UInt64 {
    switch self.family {
    case "network", "clocks": 1
    case "membership": 2
    default: 0
    }
  }
}
