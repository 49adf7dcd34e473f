import Glibc
import Raft
import RaftCommandLine
import RaftConcurrency
import RaftFiles

/// Faults of processes and of their disks.
extension Storm {
  /// Longer than followers promise to wait for a leader.
  private static let standstill = 800...2500
  /// How long a fault of a disk waits for somebody to meet it.
  private static let encounter: Duration = .seconds(3)
  /// How long a server whose disk failed may take to end.
  private static let surrender: Duration = .seconds(3)

  /// Disturbs one server that runs, and has it run again.
  func disturb(
    _ server: ChaosServer, _ kind: FaultKind, _ chance: inout SeededGenerator
  ) async throws(Failure) {
    switch kind {
    case .killed:
      await server.kill()
      self.note(kind, "server \(server.id)")
      await self.rest(0...1500, &chance)
    case .powerCut:
      await server.kill()
      try self.cutPower(server, &chance)
      self.note(kind, "server \(server.id)")
      await self.rest(0...1500, &chance)
    case .stopped:
      server.signal(SIGSTOP)
      self.note(kind, "server \(server.id)")
      await self.rest(Self.standstill, &chance)
      server.signal(SIGCONT)
    case .terminated:
      self.note(kind, "server \(server.id)")
      try await server.stop()
      await self.rest(0...800, &chance)
    case .bytesFlipped:
      try await self.flip(server, &chance)
    default:
      try await self.trouble(server, kind, &chance)
    }
    try await self.cluster.start(server)
  }

  /// Kills all of these at once, or cuts their power, and starts them again.
  func fell(
    _ servers: [ChaosServer], _ kind: FaultKind, _ chance: inout SeededGenerator
  ) async throws(Failure) {
    await withTaskGroup { group in
      for server in servers { group.addTask { await server.kill() } }
    }
    if kind == .allPowerCut {
      for server in servers { try self.cutPower(server, &chance) }
    }
    self.note(kind, "servers \(servers.map(\.id))")
    await self.rest(0...500, &chance)
    for server in servers { try await self.cluster.start(server) }
  }

  private func cutPower(
    _ server: ChaosServer, _ chance: inout SeededGenerator
  ) throws(Failure) {
    let lost = try server.cutPower(&chance)
    self.tally.withLock { $0.count("bytes lost by power cuts", lost) }
  }

  /// Has the disk of a server refuse, fail or hang.
  private func trouble(
    _ server: ChaosServer, _ kind: FaultKind, _ chance: inout SeededGenerator
  ) async throws(Failure) {
    let control = server.control
    let seen: FaultControl.Word
    let effect: String
    switch kind {
    case .diskFull:
      (seen, effect) = (.seenFull, "writes refused for lack of space")
      server.expectEnd()
      control[.freeBytes] = Int64.random(in: 0...40_000, using: &chance)
    case .writeFailed, .syncFailed:
      (seen, effect) = (.seenFailed, "writes and syncs failed")
      server.expectEnd()
      control[kind == .writeFailed ? .failWrites : .failSyncs] = 1
    default:
      (seen, effect) = (.seenStalled, "writes and syncs held back")
      control[.stall] = 1
    }
    let before = control[seen]
    self.note(kind, "server \(server.id)")
    if kind == .diskStalled {
      await self.rest(Self.standstill, &chance)
      control.repairDisk()
    } else {
      let deadline = ContinuousClock.now.advanced(by: Self.encounter)
      while control[seen] == before, ContinuousClock.now < deadline, !Task.isCancelled {
        try? await ContinuousClock().sleep(for: .milliseconds(20))
      }
      let hasEnded = control[seen] > before ? await server.hasEnded(within: Self.surrender) : false
      control.repairDisk()
      if hasEnded { self.tally.withLock { $0.count("servers that ended for their disk") } }
    }
    let met = Int(control[seen] - before)
    self.tally.withLock { $0.count(effect, met) }
    // Whatever the disk did to it: it starts anew, so that its end is a surprise again.
    if kind != .diskStalled { await server.kill() }
  }

  /// Changes bytes of one server's sealed data, while it runs or stands still.
  ///
  /// One server at a time: it is to be rebuilt from the others.
  private func flip(
    _ server: ChaosServer, _ chance: inout SeededGenerator
  ) async throws(Failure) {
    let isFree = self.damaged.withLock { damaged in
      guard damaged == nil || damaged == server.id else { return false }
      damaged = server.id
      return true
    }
    guard isFree, !server.isBeingRebuilt else { return }
    let flip: SealedData.Flip?
    if Bool.random(using: &chance) {
      await server.kill()
      flip = try Self.flip(server, withSnapshot: true, &chance)
    } else {
      flip = try Self.flip(server, withSnapshot: false, &chance)
    }
    guard let flip else { return }
    self.note(.bytesFlipped, "server \(server.id), \(flip)")
  }

  /// Flips a bit of a server's sealed data; `nil` if it has none.
  static func flip<Chance: RandomNumberGenerator>(
    _ server: ChaosServer, withSnapshot isSnapshotMeant: Bool, _ chance: inout Chance
  ) throws(Failure) -> SealedData.Flip? {
    let sealed = SealedData(in: server.data)
    do throws(FileError) {
      var stretches = try sealed.segments()
      if isSnapshotMeant, let snapshot = try sealed.newestSnapshot() { stretches.append(snapshot) }
      guard let flip = try sealed.flip(oneOf: stretches, &chance) else { return nil }
      server.note(flip)
      return flip
    } catch {
      // The server may have purged the file meanwhile.
      if error.code == .notFound { return nil }
      throw Failure(.failed, "no byte could be flipped: \(error)")
    }
  }
}
