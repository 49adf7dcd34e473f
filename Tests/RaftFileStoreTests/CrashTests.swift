import Raft
import RaftFileStore
import RaftStoreTesting
import Testing

@Suite("A crash at any moment loses nothing that was acknowledged")
struct CrashTests {
  private static let segmentSize = 700

  /// A short life of a node: it is bootstrapped, votes, writes, is overruled, takes a snapshot,
  /// purges, goes on, and fills several segments.
  private static let steps: [Step] = [
    .adopt(ClusterID(high: 1, low: 2)),
    .vote(1),
    .append(term: 1, sizes: [10]),
    .append(term: 1, sizes: [100, 0, 50]),
    .vote(2),
    .note(2),
    .truncate(after: 2),
    .append(term: 2, sizes: [40, 41]),
    .append(term: 2, sizes: [300]),
    .append(term: 2, sizes: [10, 10]),
    .snapshot(LogID(term: 2, node: 1, index: 4)),
    .purge(through: LogID(term: 2, node: 1, index: 4)),
    .append(term: 2, sizes: [200]),
    .append(term: 2, sizes: [200, 1]),
    .truncate(after: 8),
    .append(term: 3, sizes: [5]),
    .vote(4),
    .snapshot(LogID(term: 3, node: 1, index: 9)),
    .purge(through: LogID(term: 3, node: 1, index: 9)),
    .append(term: 4, sizes: [9, 9, 9]),
    .snapshot(LogID(term: 6, node: 1, index: 20)),
    .purge(through: LogID(term: 6, node: 1, index: 20)),
    .append(term: 6, sizes: [30]),
  ]

  private static let modes: [CrashMode] = [
    .dropUnsynced, .keepAll, .torn(seed: 1), .torn(seed: 2), .scattered(seed: 3),
  ]

  /// What a life left behind.
  private struct Trace {
    /// The models before the first step, and after each one that was begun.
    var models = [StoreModel()]
    /// How many of these steps were acknowledged, with all before them.
    var acknowledged = 0
    /// The last snapshot that was acknowledged.
    var snapshot: LogID?
  }

  /// Lives until the end, or until the disk fails.
  private static func live(
    on disk: SimulatedFileSystem, _ allocation: SegmentAllocation
  ) async -> Trace {
    var trace = Trace()
    guard
      let open = try? await OpenStore.open(
        disk, segmentSize: Self.segmentSize, allocation: allocation)
    else {
      return trace
    }
    for step in Self.steps {
      let before = trace.models[trace.models.count - 1]
      trace.models.append(before.after(step))
      do {
        try await open.take(step, next: before.next, after: before)
      } catch {
        break
      }
      switch step {
      case .adopt, .vote, .append: trace.acknowledged = trace.models.count - 1
      case .snapshot(let logID): trace.snapshot = logID
      case .note, .truncate, .purge: break
      }
    }
    await open.store.close()
    return trace
  }

  /// Which of the models the store holds; they count from the last acknowledged one.
  private static func match(
    _ found: StoreModel, in trace: Trace
  ) -> StoreModel? {
    let possible = trace.models[trace.acknowledged...]
    if let snapshot = trace.snapshot {
      guard let latest = found.snapshot, latest >= snapshot else { return nil }
    }
    return possible.first { model in
      var candidate = model
      // The watermark may lag behind, the snapshots have an order of their own.
      candidate.committed = found.committed
      candidate.snapshot = found.snapshot
      return candidate == found && possible.contains { $0.committed == found.committed }
        && possible.contains { $0.snapshot == found.snapshot }
    }
  }

  @Test(
    "The life without a crash fills segments, and is found as it was left",
    arguments: [SegmentAllocation.asWritten, .prewritten])
  func livesUndisturbed(_ allocation: SegmentAllocation) async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let trace = await Self.live(on: disk, allocation)
    #expect(trace.acknowledged == Self.steps.count)
    let open = try await OpenStore.open(
      disk, segmentSize: Self.segmentSize, allocation: allocation)
    #expect(try await open.contents() == trace.models.last)
    await open.store.close()
    let names = try disk.names(in: "/data/node/log")
    let segments = names.filter { $0.hasSuffix(".log") }
    #expect(names.count - segments.count == (allocation == .prewritten ? 2 : 0), "\(names)")
    #expect(segments.count < 3, "purged segments are removed: \(segments)")
    #expect(segments.first.map { $0 > "00000000000000000003" } == true, "\(segments)")
  }

  @Test(
    "After a crash before each file operation, all that was acknowledged is there",
    arguments: [SegmentAllocation.asWritten, .prewritten])
  func crashesEverywhere(_ allocation: SegmentAllocation) async throws {
    let whole = SimulatedFileSystem(journal: .nothing)
    _ = await Self.live(on: whole, allocation)
    for operation in 1...whole.operationCount + 2 {
      let disk = SimulatedFileSystem(journal: .nothing)
      disk.crashBefore(operation: operation)
      let trace = await Self.live(on: disk, allocation)
      for mode in Self.modes {
        let copy = disk.copy()
        copy.crash(mode)
        try await self.expect(trace, on: copy, allocation, "operation \(operation), \(mode)")
      }
    }
  }

  /// Expects the disk to hold what the trace allows, for good, and to take more.
  private func expect(
    _ trace: Trace, on disk: SimulatedFileSystem, _ allocation: SegmentAllocation, _ place: String
  ) async throws {
    let found: StoreModel
    let slice: EntrySlice
    do {
      let open = try await OpenStore.open(
        disk, segmentSize: Self.segmentSize, allocation: allocation)
      found = try await open.contents()
      slice = try #require(Step.append(term: 9, sizes: [77]).slice(from: found.next))
      if Self.match(found, in: trace) != nil {
        try await open.flush { open.store.log.append(slice, completion: $0) }
      }
      await open.store.close()
    } catch {
      Issue.record("\(place): no start: \(error)")
      return
    }
    guard Self.match(found, in: trace) != nil else {
      Issue.record("\(place): \(found), acknowledged \(trace.models[trace.acknowledged])")
      return
    }
    var expected = found
    expected.entries += StoreModel.items(slice)
    disk.crash(.dropUnsynced)
    let again = try await OpenStore.open(
      disk, segmentSize: Self.segmentSize, allocation: allocation)
    #expect(try await again.contents() == expected, "\(place), a second time")
    await again.store.close()
  }
}
