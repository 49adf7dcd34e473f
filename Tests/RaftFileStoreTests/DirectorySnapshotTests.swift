import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Synchronization
import Testing

@Suite("A directory of files is packed into a snapshot, and made of one as a whole or not at all")
struct DirectorySnapshotTests {
  /// The files of a state, by their paths.
  private static let files: [String: [UInt8]] = [
    "CURRENT": Array("000005.sst".utf8), "000005.sst": [UInt8](repeating: 3, count: 700_000),
    "empty": [], "sub/deep/x": [1, 2, 3], "sub/a": [9], "z": [UInt8](0...255),
  ]

  private static func disk() throws -> SimulatedFileSystem {
    let disk = SimulatedFileSystem(journal: .nothing)
    for (path, bytes) in self.files {
      let full = "/state/" + path
      try disk.createDirectoryDurably(FilePath.parent(of: full))
      try disk.replaceFile(at: full, with: bytes)
    }
    return disk
  }

  /// The content of a snapshot of the directory.
  private static func pack(_ disk: SimulatedFileSystem) async throws -> [UInt8] {
    let writer = Pieces()
    try await DirectorySnapshot(fileSystem: disk).pack("/state", into: SnapshotSink(writer))
    return writer.bytes
  }

  private static func contents(
    _ disk: SimulatedFileSystem, _ directory: String
  ) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try disk.names(in: directory) {
      let path = FilePath.joining(directory, name)
      if try disk.status(of: path)?.kind == .directory {
        for (inner, bytes) in try self.contents(disk, path) { found["\(name)/\(inner)"] = bytes }
      } else {
        found[name] = try disk.readFile(at: path)
      }
    }
    return found
  }

  /// A head of a file's frame, and what is needed around it.
  private static func stream(_ paths: [String]) -> [UInt8] {
    var bytes: [UInt8] = [0xF5, 0x44, 0x49, 0x52, 1, 0, 0, 0]
    for path in paths {
      bytes += withUnsafeBytes(of: UInt32(path.utf8.count).littleEndian, Array.init)
      bytes += withUnsafeBytes(of: UInt64(0).littleEndian, Array.init)
      bytes += Array(path.utf8)
      // XXH64 of nothing.
      bytes += withUnsafeBytes(of: UInt64(0xEF46_DB37_51D8_E999).littleEndian, Array.init)
    }
    return bytes + [0, 0, 0, 0] + withUnsafeBytes(of: UInt64(paths.count).littleEndian, Array.init)
  }

  @Test("Files come back as they were, in pieces of any size, and equal directories pack alike")
  func roundTrip() async throws {
    let disk = try Self.disk()
    let bytes = try await Self.pack(disk)
    #expect(try await Self.pack(try Self.disk()) == bytes)
    for (number, size) in [1 << 20, 100_000, 7777].enumerated() {
      let name = "/machine/state-\(number)"
      try await DirectorySnapshot(fileSystem: disk).unpack(Pieces(bytes, of: size), as: name)
      #expect(try Self.contents(disk, name) == Self.files)
      disk.crash(.dropUnsynced)
      #expect(try Self.contents(disk, name) == Self.files, "all of it is durable")
      #expect(try disk.names(in: "/machine").allSatisfy { !$0.hasSuffix(".new") })
    }
    let small = Self.stream(["a", "b/c"])
    try await DirectorySnapshot(fileSystem: disk).unpack(Pieces(small, of: 1), as: "/small")
    #expect(try Self.contents(disk, "/small") == ["a": [], "b/c": []])
  }

  @Test(
    "A path that leads out of the directory, or twice to one file, is refused, and nothing is left",
    arguments: [
      ["../x"], ["a/../../x"], ["/etc/x"], ["./x"], ["a//b"], ["a/"], ["a\u{0}b"], ["b", "a"],
      ["a", "a"], ["a", "a/b"], [".."],
    ])
  func refusesPaths(_ paths: [String]) async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    await #expect(throws: StorageError.self) {
      try await DirectorySnapshot(fileSystem: disk).unpack(
        Pieces(Self.stream(paths), of: 1000), as: "/machine/state")
    }
    #expect(try disk.names(in: "/") == ["machine"])
    #expect(try disk.names(in: "/machine") == [])
  }

  @Test("Any changed or missing byte is told, and no directory is made")
  func findsDamage() async throws {
    let disk = SimulatedFileSystem(journal: .nothing)
    try disk.createDirectoryDurably("/state")
    try disk.replaceFile(at: "/state/a", with: [1, 2, 3])
    try disk.createDirectoryDurably("/state/b")
    try disk.replaceFile(at: "/state/b/c", with: [4])
    let bytes = try await Self.pack(disk)
    var streams: [[UInt8]] = bytes.indices.map { Array(bytes[..<$0]) } + [bytes + [0]]
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x10
      streams.append(changed)
    }
    for stream in streams {
      do {
        try await DirectorySnapshot(fileSystem: disk).unpack(Pieces(stream, of: 9), as: "/x/state")
        // A path has no checksum of its own: the snapshot's own checks cover it.
        #expect(
          try Self.contents(disk, "/x/state").values.sorted { $0.count < $1.count }
            == [[4], [1, 2, 3]])
        try disk.renameDirectory("/x/state", to: "/x/found-\(disk.operationCount)")
      } catch let error as StorageError {
        #expect(error.kind == .corrupted, "\(error)")
        #expect(try disk.status(of: "/x/state") == nil)
        #expect(try disk.status(of: "/x/state.new") == nil)
      }
    }
  }

  @Test(
    "At a crash before any operation there is the whole directory or none, and a retry makes it")
  func crashes() async throws {
    let source = SimulatedFileSystem(journal: .nothing)
    try source.createDirectoryDurably("/state/sub")
    try source.replaceFile(at: "/state/a", with: [1, 2, 3])
    try source.replaceFile(at: "/state/sub/b", with: [4, 5])
    let bytes = try await Self.pack(source)
    let disk = SimulatedFileSystem(journal: .nothing)
    let copies = Copies()
    disk.observeOperations { copies.take($0, $1) }
    try await DirectorySnapshot(fileSystem: disk).unpack(Pieces(bytes, of: 50), as: "/m/state")
    let whole: [String: [UInt8]] = ["a": [1, 2, 3], "sub/b": [4, 5]]
    #expect(copies.all.count > 10)
    for (operation, copy) in copies.all {
      for mode in [CrashMode.dropUnsynced, .keepAll, .sectors(seed: 5), .prefix(seed: 7)] {
        let left = copy.copy()
        left.crash(mode)
        if try left.status(of: "/m/state") != nil {
          #expect(try Self.contents(left, "/m/state") == whole, "\(operation), \(mode)")
          continue
        }
        try await DirectorySnapshot(fileSystem: left).unpack(Pieces(bytes, of: 50), as: "/m/state")
        #expect(try Self.contents(left, "/m/state") == whole, "\(operation), \(mode), again")
        #expect(try left.names(in: "/m") == ["state"])
      }
    }
  }

  @Test("On the machine's disk too; a name that is taken is refused, and a pipe is not packed")
  func forReal() async throws {
    let root = makeTemporaryDirectory()
    let disk = SystemFileSystem()
    try disk.createDirectoryDurably(root + "/log")
    try disk.replaceFile(at: root + "/log/a", with: [5, 6])
    let writer = Pieces()
    let snapshot = DirectorySnapshot()
    try await snapshot.pack(root + "/log", into: SnapshotSink(writer))
    try await snapshot.unpack(Pieces(writer.bytes, of: 10), as: root + "/b")
    #expect(try disk.readFile(at: root + "/b/a") == [5, 6])
    await #expect(throws: StorageError.self) {
      try await snapshot.unpack(Pieces(writer.bytes, of: 10), as: root + "/b")
    }
    try removeTemporaryDirectory(root)
    await #expect {
      try await snapshot.pack("/dev", into: SnapshotSink(Pieces()))
    } throws: {
      ($0 as? StorageError)?.message.contains("neither a file nor a directory") == true
    }
  }
}

/// The content of a snapshot in memory, to be written, or to be read in pieces of some size.
private final class Pieces: SnapshotWriter, SnapshotReader {
  private let state: Mutex<(bytes: [UInt8], start: Int)>
  private let size: Int

  init(_ bytes: [UInt8] = [], of size: Int = 1) {
    self.state = Mutex((bytes, 0))
    self.size = size
  }

  var bytes: [UInt8] { self.state.withLock { $0.bytes } }

  func write(_ bytes: [UInt8]) {
    self.state.withLock { $0.bytes += bytes }
  }

  func next() -> [UInt8]? {
    self.state.withLock { state in
      guard state.start < state.bytes.count else { return nil }
      let end = min(state.start + self.size, state.bytes.count)
      defer { state.start = end }
      return Array(state.bytes[state.start..<end])
    }
  }

  func commit() async throws(StorageError) -> any StoredSnapshot {
    throw StorageError(.application, "nothing commits this")
  }

  func abandon() {}
}
