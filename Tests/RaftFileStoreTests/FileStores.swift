import Glibc
import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting

/// File stores on the machine's own disk, each in a directory of its own.
struct SystemFileStores: StoreFactory {
  let configuration: FileStoreConfiguration
  let retention = StoreRetention.acrossReopening

  func makePlace() -> String { makeTemporaryDirectory() }

  func openStores(at place: String) async throws -> StorePair {
    let store = try await FileStore.open(
      directory: place, node: 7, configuration: self.configuration)
    return StorePair(log: store.log, snapshots: store.snapshots)
  }

  func removePlace(_ place: String) throws { try removeTemporaryDirectory(place) }
}

/// File stores on simulated disks, whose power can be cut, whose devices can fail, and whose bytes
/// can be changed.
struct SimulatedFileStores: CrashingStoreFactory, FailingStoreFactory, DamagingStoreFactory {
  let configuration: FileStoreConfiguration
  let retention = StoreRetention.acrossReopening

  func makePlace() -> SimulatedFileSystem { SimulatedFileSystem(journal: .nothing) }

  func openStores(at place: SimulatedFileSystem) async throws -> StorePair {
    let store = try await FileStore.open(
      directory: "/data/node", node: 7, fileSystem: place, configuration: self.configuration)
    return StorePair(log: store.log, snapshots: store.snapshots)
  }

  func removePlace(_ place: SimulatedFileSystem) {}

  func remains(of place: SimulatedFileSystem, seed: UInt64) -> SimulatedFileSystem {
    let modes: [CrashMode] = [.dropUnsynced, .keepAll, .torn(seed: seed), .scattered(seed: seed)]
    let copy = place.copy()
    copy.crash(modes[Int(seed % 4)])
    return copy
  }

  func breakDevice(of place: SimulatedFileSystem) { place.failEverything(with: .ioError) }

  func repairDevice(of place: SimulatedFileSystem) { place.failEverything(with: nil) }

  func byteCount(of medium: StoreMedium, at place: SimulatedFileSystem) throws -> Int {
    try Self.files(of: medium, at: place).reduce(0) { $0 + $1.size }
  }

  func copy(
    of place: SimulatedFileSystem, damaging medium: StoreMedium, at offset: Int
  ) throws -> SimulatedFileSystem {
    let copy = place.copy()
    var rest = offset
    for (path, size) in try Self.files(of: medium, at: copy) {
      guard rest >= size else {
        let file = try copy.open(path, .readWrite)
        try file.write([~(try file.read(exactly: 1, at: rest)[0])], at: rest)
        try file.sync()
        file.close()
        return copy
      }
      rest -= size
    }
    return copy
  }

  /// The files that hold what was reported, in an order that stays.
  private static func files(
    of medium: StoreMedium, at place: SimulatedFileSystem
  ) throws -> [(path: String, size: Int)] {
    let folder = "/data/node/" + (medium == .log ? "log" : "snapshots")
    return try place.names(in: folder).compactMap { name in
      let path = FilePath.joining(folder, name)
      return try place.status(of: path).map { (path, $0.size) }
    }
  }
}

/// A new directory on the machine's own file system.
func makeTemporaryDirectory() -> String {
  var template = Array("/tmp/raft-file-store.XXXXXX".utf8CString)
  let made = template.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
  }
  guard let made else { preconditionFailure("no directory for the test: errno \(errno)") }
  return made
}

/// Removes a file store's directory with everything in it.
func removeTemporaryDirectory(_ directory: String) throws {
  let disk = SystemFileSystem()
  for name in try disk.names(in: directory) {
    let path = FilePath.joining(directory, name)
    guard try disk.status(of: path)?.kind == .directory else {
      try disk.remove(path)
      continue
    }
    for inner in try disk.names(in: path) { try disk.remove(FilePath.joining(path, inner)) }
    rmdir(path)
  }
  rmdir(directory)
}
