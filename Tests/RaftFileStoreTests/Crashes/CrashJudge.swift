import Raft
import RaftFileStore
import RaftStoreTesting
import Testing

/// Looks at what a crash has left, and expects what the life allows.
struct CrashJudge {
  let life: CrashLife
  private let models: [StoreModel]
  /// How many crashes were judged.
  private(set) var count = 0

  init(_ life: CrashLife) {
    self.life = life
    self.models = life.models
  }

  /// Lets the disk of this moment crash, and expects that all that was reported is there, nothing
  /// that was not begun is, and that the store takes more and keeps it.
  mutating func expect(_ moment: CrashLife.Moment, after mode: CrashMode) async throws {
    let place = "\(self.life.name), before operation \(moment.operation), \(mode)"
    let disk = moment.disk.copy()
    disk.crash(mode)
    self.count += 1
    let step = Step.append(term: 1 << 20, sizes: [77])
    guard let found = try await self.expectAllowed(moment, on: disk, place, then: step) else {
      return
    }
    disk.crash(.dropUnsynced)
    let again = try await self.life.open(disk)
    #expect(try await again.contents() == found.after(step), "\(place), a second time")
    await again.store.close()
  }

  /// Lets the disk crash, then again before each operation of the start that follows.
  mutating func expectStarts(_ moment: CrashLife.Moment, after mode: CrashMode) async throws {
    let disk = moment.disk.copy()
    disk.crash(mode)
    let copies = Copies()
    disk.observeOperations { copies.take($0, $1) }
    let open = try await self.life.open(disk)
    await open.store.close()
    for (operation, copy) in copies.all {
      let place =
        "\(self.life.name), before operation \(moment.operation), \(mode), then before operation "
        + "\(operation) of the start"
      copy.crash(.prefix(seed: UInt64(operation)))
      self.count += 1
      _ = try await self.expectAllowed(moment, on: copy, place)
    }
  }

  /// What the store on the disk holds, if that is allowed; then it takes a step.
  private func expectAllowed(
    _ moment: CrashLife.Moment, on disk: SimulatedFileSystem, _ place: String,
    then step: Step? = nil
  ) async throws -> StoreModel? {
    let open: OpenStore
    do {
      open = try await self.life.open(disk)
    } catch {
      Issue.record("\(place): no start: \(error)")
      return nil
    }
    do {
      let found = try await open.contents()
      let possible = self.models[moment.acknowledged...moment.issued]
      let isAllowed = Self.isAllowed(found, by: possible, moment.snapshot)
      if isAllowed, let step { try await open.take(step, next: found.next, after: found) }
      await open.store.close()
      guard isAllowed else {
        Issue.record("\(place): \(found), acknowledged \(self.models[moment.acknowledged])")
        return nil
      }
      return found
    } catch {
      await open.store.close()
      Issue.record("\(place): not readable: \(error)")
      return nil
    }
  }

  /// Whether the store holds one of the models; they count from the last reported one.
  private static func isAllowed(
    _ found: StoreModel, by possible: ArraySlice<StoreModel>, _ snapshot: LogID?
  ) -> Bool {
    if let snapshot {
      guard let latest = found.snapshot, latest >= snapshot else { return false }
    }
    return possible.contains { model in
      var candidate = model
      // The watermark may lag behind, the snapshots have an order of their own.
      candidate.committed = found.committed
      candidate.snapshot = found.snapshot
      return candidate == found && possible.contains { $0.committed == found.committed }
        && possible.contains { $0.snapshot == found.snapshot }
    }
  }
}
