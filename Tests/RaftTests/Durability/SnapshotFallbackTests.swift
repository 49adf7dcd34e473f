import Raft
import RaftFileStore
import RaftFiles
import RaftMemoryStore
import RaftStoreTesting
import Testing

@Suite(
  "A node whose newest snapshot is damaged starts from the one before, if its log goes on there")
struct SnapshotFallbackTests {
  private static let snapshots = "/data/snapshots"

  /// Runs a node alone on the disk while the body uses it.
  private static func withNode(
    on disk: SimulatedFileSystem, entriesKept: Int,
    _ body: (RaftNode<Ledger>) async throws -> Void
  ) async throws -> Result<Void, NodeFailure> {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let store = try await FileStore.open(
      directory: "/data", node: 1, fileSystem: disk,
      configuration: FileStoreConfiguration(segmentSize: 4096, reserveSize: 0, scrubRate: nil))
    var configuration = TestCluster.steady
    configuration.snapshotAfter = nil
    configuration.entriesKept = entriesKept
    let node = try RaftNode(
      id: 1, machine: Ledger(), logStore: store.log, snapshotStore: store.snapshots,
      transport: InProcessNetwork().transport(for: 1), configuration: configuration, clock: clock,
      seed: 1)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    do {
      try await body(node)
    } catch {
      await node.shutdown()
      _ = await run.value
      throw error
    }
    await node.shutdown()
    return await run.value
  }

  /// A disk with a node's log and two snapshots, and where the content of the newest one is damaged.
  private static func damagedDisk(entriesKept: Int) async throws -> SimulatedFileSystem {
    let disk = SimulatedFileSystem(journal: .nothing)
    _ = try await self.withNode(on: disk, entriesKept: entriesKept) { node in
      try await node.bootstrap(with: [TestCluster.member(1)])
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
      for number in 1...2 as ClosedRange<UInt8> {
        let index = try await node.write([number, number])
        node.triggers.buildSnapshot()
        try await node.wait(for: .snapshot(atLeast: index), within: TestCluster.limit)
      }
      _ = try await node.write([3])
    }
    let newest = try #require(try disk.names(in: self.snapshots).last)
    let path = FilePath.joining(self.snapshots, newest)
    let size = try #require(try disk.status(of: path)).size
    // The last byte of the content, before the end section of 48 bytes.
    try disk.flip(bit: 2, at: size - 49, in: path)
    return disk
  }

  @Test("With the entries behind it, the node has its whole state again, and keeps the evidence")
  func startsFromEarlier() async throws {
    let disk = try await Self.damagedDisk(entriesKept: 1000)
    #expect(try disk.names(in: Self.snapshots).count == 2)
    let ending = try await Self.withNode(on: disk, entriesKept: 1000) { node in
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
      let lines = try await node.read { $0.lines.map(\.command) }
      #expect(lines == [[1, 1], [2, 2], [3]])
      let index = try await node.write([4])
      #expect(try disk.names(in: Self.snapshots).count == 2)
      node.triggers.buildSnapshot()
      try await node.wait(for: .snapshot(atLeast: index), within: TestCluster.limit)
    }
    #expect(ending.failure == .shutdown || ending.failure == nil)
    // There are two sound ones again, so the damaged one is gone.
    #expect(try disk.names(in: Self.snapshots).count == 2)
    let view = try FileStoreView.open(directory: "/data", fileSystem: disk)
    #expect(try view.snapshots(.everything).allSatisfy { $0.damage == nil })
  }

  @Test("Without them it does not start, and says which file is damaged")
  func refusesGap() async throws {
    let disk = try await Self.damagedDisk(entriesKept: 0)
    let newest = try #require(try disk.names(in: Self.snapshots).last)
    let ending = try await Self.withNode(on: disk, entriesKept: 0) { node in
      await #expect(throws: WaitError.self) {
        try await node.wait(for: .servingLeader, within: TestCluster.limit)
      }
    }
    guard case .storage(let error) = ending.failure else {
      Issue.record("\(ending)")
      return
    }
    #expect(error.kind == .corrupted && error.message.contains(newest), "\(error)")
  }
}
