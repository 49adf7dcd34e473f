import Raft
import RaftFileStore
import RaftStoreTesting
import Testing

@Suite("A life of a store, from its first file to many")
struct LifeTests {
  static let segmentSize = 700

  /// A short life of a node: it is bootstrapped, votes, writes, is overruled, takes a snapshot,
  /// purges, goes on, and fills several segments.
  static let steps: [Step] = [
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

  @Test(
    "The life without a crash fills segments, and is found as it was left",
    arguments: [SegmentAllocation.asWritten, .prewritten])
  func livesUndisturbed(_ allocation: SegmentAllocation) async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    let first = try await OpenStore.open(
      disk, segmentSize: Self.segmentSize, allocation: allocation)
    var model = StoreModel()
    for step in Self.steps {
      try await first.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    await first.store.close()
    let spares = try disk.names(in: "/data/node/log").filter { $0.hasSuffix(".spare") }
    #expect(spares.count == (allocation == .prewritten ? 2 : 0), "\(spares)")
    let open = try await OpenStore.open(
      disk, segmentSize: Self.segmentSize, allocation: allocation)
    #expect(try await open.contents() == model)
    await open.store.close()
    let segments = try disk.names(in: "/data/node/log")
    #expect(segments.count < 3, "purged segments are removed: \(segments)")
    #expect(segments.first.map { $0 > "00000000000000000003" } == true, "\(segments)")
  }
}
