import Glibc
import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting

/// File stores for the conformance suites, each on a disk of its own.
struct FileStores: StoreFactory {
  /// A disk, and a directory on it.
  struct Place: Sendable {
    let fileSystem: any FileSystem
    let directory: String
  }

  /// Where the directories lie.
  enum Disk: Sendable {
    case simulated
    case system
  }

  let disk: Disk
  let configuration: FileStoreConfiguration
  var retention: StoreRetention { .acrossReopening }

  func makePlace() -> Place {
    switch self.disk {
    case .simulated:
      return Place(fileSystem: SimulatedFileSystem(journal: .nothing), directory: "/data/node")
    case .system:
      return Place(fileSystem: SystemFileSystem(), directory: makeTemporaryDirectory())
    }
  }

  func openStores(at place: Place) async throws -> StorePair {
    let store = try await FileStore.open(
      directory: place.directory, node: 7, fileSystem: place.fileSystem,
      configuration: self.configuration)
    return StorePair(log: store.log, snapshots: store.snapshots)
  }

  func removePlace(_ place: Place) throws {
    guard self.disk == .system else { return }
    try removeTemporaryDirectory(place.directory)
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
