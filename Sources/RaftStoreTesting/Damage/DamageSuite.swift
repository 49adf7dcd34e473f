internal import Raft

/// What stores must do when their data was changed behind their back.
///
/// For stores of a ``DamagingStoreFactory``. Each case writes, waits until all of it is durable,
/// closes the stores, and opens copies of them in each of which one byte is another: all bytes, or
/// some hundreds if there are many. A store may refuse such a copy, when it is opened or when the
/// place is read, or find nothing wrong and give everything back. What it may not do is to go on
/// with less, or with something else. Only the last write of all may be missing: nothing behind it
/// tells its damage from an end that a crash left.
public enum DamageSuite {
  /// The cases.
  public static let cases: [StoreCase] = [
    rule("Damage to what was reported is told, and never taken for an unfinished end") { bench in
      bench.adopt(ClusterID(high: 3, low: 4, generation: 5))
      bench.save(Vote(leader: bench.leader, isCommitted: false))
      try await bench.settle()
      bench.append(Memberships.simple)
      bench.append(byteCounts: [16, 0, 40])
      try await bench.settle()
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      for byteCount in [7, 90, 1] {
        bench.append(byteCounts: [byteCount])
        try await bench.settle()
      }
      let before = bench.model
      bench.append(count: 1)
      try await bench.settle()
      try await bench.expectLogDamageTold([bench.model, before])
    },
    rule("Damage to a snapshot is told, and never handed out as content") { bench in
      let meta = StoreBench.meta(at: 10)
      let content = StoreBench.content(700, seed: 1)
      try await bench.store(meta, pieces: StoreBench.pieces(content, [300]))
      try await bench.expectSnapshotDamageTold(meta, content: content)
    },
  ]

  private static func rule(
    _ name: String, body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(
      name, contract: "damage is an error of kind corrupted, and is never taken for absence",
      retention: .acrossReopening, trial: .damage, body: body)
  }
}

extension StoreBench {
  /// How many bytes are damaged in one case, at the most.
  private static let damagesMax = 600

  /// Damages the log, and expects to be told or to find one of these.
  fileprivate func expectLogDamageTold(_ possible: [LogModel]) async throws {
    try await self.expectTold(.log) { stores in
      let found = try await PowerCutFinding(stores.log)
      try found.expectOne(of: possible[...])
    }
  }

  /// Damages the snapshots, and expects to be told or to find this one.
  fileprivate func expectSnapshotDamageTold(_ meta: SnapshotMeta, content: [UInt8]) async throws {
    try await self.expectTold(.snapshots) { stores in
      guard let latest = try await stores.snapshots.latest() else {
        throw Deviation(expected: "an error, or the snapshot", found: "no snapshot")
      }
      try await Self.expectSnapshot(latest, is: meta, content: content)
    }
  }

  private func expectTold(
    _ medium: StoreMedium, _ look: (StorePair) async throws -> Void
  ) async throws {
    guard let damage = self.device.damage else {
      throw Deviation(expected: "a DamagingStoreFactory", found: "another one")
    }
    await self.close()
    let byteCount = try damage.byteCount(medium)
    guard byteCount > 0 else {
      throw Deviation(expected: "bytes of the \(medium) to damage", found: "none")
    }
    let step = (byteCount + Self.damagesMax - 1) / Self.damagesMax
    for offset in stride(from: 0, to: byteCount, by: step) {
      let copy = try damage.damaged(medium, offset)
      do {
        try await Self.look(into: copy, look)
      } catch {
        let deviation = Deviation(error)
        throw Deviation(
          expected: "\(deviation.expected), or an error that tells of the damage, if byte "
            + "\(offset) of \(byteCount) of the \(medium) is another",
          found: deviation.found)
      }
      try await copy.remove()
    }
  }

  /// Opens the stores and looks; that they refuse is as good as that everything is there.
  private static func look(
    into copy: StoreRemains, _ look: (StorePair) async throws -> Void
  ) async throws {
    do {
      let stores = try await copy.open()
      do {
        try await look(stores)
      } catch {
        await stores.log.close()
        throw error
      }
      await stores.log.close()
    } catch let error as StorageError where error.kind == .corrupted || error.kind == .foreign {
      return
    }
  }
}
