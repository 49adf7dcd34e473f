import Glibc
import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

/// Directories that earlier builds wrote are kept in `Fixtures`, and must be read for ever.
@Suite("Directories of earlier versions are read")
struct FixtureTests {
  /// The life that each of the directories has: its log is cut and purged over several files.
  static let steps: [Step] = [
    .adopt(ClusterID(high: 1, low: 2)),
    .vote(1),
    .append(term: 1, sizes: [10, 0, 20]),
    .append(term: 1, sizes: [200]),
    .append(term: 1, sizes: [200, 1]),
    .append(term: 1, sizes: [150]),
    .vote(2),
    .truncate(after: 4),
    .append(term: 2, sizes: [40, 41]),
    .append(term: 2, sizes: [300]),
    .note(6),
    .append(term: 2, sizes: [10, 10]),
    .snapshot(LogID(term: 1, node: 1, index: 3)),
    .purge(through: LogID(term: 1, node: 1, index: 3)),
    .append(term: 2, sizes: [200]),
    .vote(3),
    .truncate(after: 8),
    .append(term: 3, sizes: [5, 500]),
    .append(term: 3, sizes: [9, 9, 9]),
  ]

  static let names = ["version-1", "version-2", "version-2-prewritten"]

  static var model: StoreModel { self.steps.reduce(StoreModel()) { $0.after($1) } }

  /// A simulated disk with the files of a fixture.
  static func disk(_ name: String) throws -> SimulatedFileSystem {
    let system = SystemFileSystem()
    let disk = SimulatedFileSystem(journal: .nothing)
    let source = FilePath.joining(FilePath.parent(of: #filePath), "Fixtures/\(name)")
    func copy(_ path: String, to target: String) throws {
      try disk.createDirectoryDurably(target)
      for name in try system.names(in: path) {
        let (from, to) = (FilePath.joining(path, name), FilePath.joining(target, name))
        if try system.status(of: from)?.kind == .directory {
          try copy(from, to: to)
        } else {
          try disk.replaceFile(at: to, with: try system.readFile(at: from))
        }
      }
    }
    try copy(source, to: OpenStore.directory)
    return disk
  }

  @Test(
    "A directory holds what was written to it, takes more, and is found so again",
    arguments: Self.names)
  func reads(_ name: String) async throws {
    let disk = try Self.disk(name)
    let open = try await OpenStore.open(disk, segmentSize: 700)
    #expect(try await open.contents() == Self.model)
    #expect(try await open.store.log.verify().damage == [])
    let step = Step.append(term: 4, sizes: [600])
    try await open.take(step, next: Self.model.next, after: Self.model)
    await open.store.close()
    let again = try await OpenStore.open(disk, segmentSize: 700)
    #expect(try await again.contents() == Self.model.after(step))
    await again.store.close()
  }

  /// Writes a fixture to the directory that the environment names; a new version has a new one.
  @Test(
    "A new fixture is written where the environment says",
    .enabled(if: getenv("RAFT_WRITE_FIXTURE") != nil))
  func writes() async throws {
    let directory = try #require(getenv("RAFT_WRITE_FIXTURE").map { String(cString: $0) })
    for (name, allocation) in [
      ("grown", SegmentAllocation.asWritten), ("prewritten", .prewritten),
    ] {
      let path = FilePath.joining(directory, name)
      let open = try await OpenStore.open(
        SystemFileSystem(), directory: path, segmentSize: 700, allocation: allocation)
      var model = StoreModel()
      for step in Self.steps {
        try await open.take(step, next: model.next, after: model)
        model = model.after(step)
      }
      await open.store.close()
    }
  }
}
