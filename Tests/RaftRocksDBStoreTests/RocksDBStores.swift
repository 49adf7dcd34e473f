#if RocksDB
import Glibc
import Raft
import RaftFiles
import RaftRocksDBStore
import RaftStoreTesting

/// RocksDB stores on the machine's own disk, each in a directory of its own.
///
/// What a cut leaves is what the files hold just then: that shows what is left when the process dies,
/// and not what a disk forgets, for RocksDB reaches its files by ways of its own.
struct RocksDBStores: CrashingStoreFactory, DamagingStoreFactory {
  let configuration: RocksDBStoreConfiguration
  let retention = StoreRetention.acrossReopening

  func makePlace() -> String { makeTemporaryDirectory() }

  func openStores(at place: String) async throws -> StorePair {
    let store = try await RocksDBStore.open(
      directory: place, node: 7, configuration: self.configuration)
    return StorePair(log: store.log, snapshots: store.snapshots)
  }

  func removePlace(_ place: String) throws { try removeTemporaryDirectory(place) }

  func remains(of place: String, seed: UInt64) throws -> String {
    let copy = makeTemporaryDirectory()
    try copyFiles(from: place, to: copy)
    return copy
  }

  func byteCount(of medium: StoreMedium, at place: String) throws -> Int {
    try Self.files(at: place).reduce(0) { $0 + $1.size }
  }

  func copy(
    of place: String, damaging medium: StoreMedium, at offset: Int
  ) throws -> String {
    let copy = try self.remains(of: place, seed: 0)
    var rest = offset
    for (path, size) in try Self.files(at: copy) {
      guard rest >= size else {
        try flip(rest, of: path)
        return copy
      }
      rest -= size
    }
    return copy
  }

  /// The files that hold what was reported; log and snapshots share them.
  private static func files(at place: String) throws -> [(path: String, size: Int)] {
    let disk = SystemFileSystem()
    return try disk.names(in: place).compactMap { name in
      guard
        name == "CURRENT" || name.hasPrefix("MANIFEST-") || name.hasSuffix(".log")
          || name.hasSuffix(".sst")
      else { return nil }
      let path = FilePath.joining(place, name)
      return try disk.status(of: path).map { (path, $0.size) }
    }
  }
}

/// Copies the files of a directory, as they are at this moment.
func copyFiles(from directory: String, to copy: String) throws {
  let disk = SystemFileSystem()
  // The file that says how many writes are durable must not be ahead of the others.
  for name in try disk.names(in: directory).sorted(by: { $0 == "synced" && $1 != "synced" }) {
    let file = try disk.open(FilePath.joining(copy, name), .createNew)
    try file.write(try disk.readFile(at: FilePath.joining(directory, name)), at: 0)
    file.close()
  }
}

/// Turns all bits of a byte of a file.
func flip(_ offset: Int, of path: String) throws {
  let file = try SystemFileSystem().open(path, .readWrite)
  try file.write([~(try file.read(exactly: 1, at: offset)[0])], at: offset)
  file.close()
}

/// A new directory on the machine's own file system.
func makeTemporaryDirectory() -> String {
  var template = Array("/tmp/raft-rocksdb.XXXXXX".utf8CString)
  let made = template.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
  }
  guard let made else { preconditionFailure("no directory for the test: errno \(errno)") }
  return made
}

/// Removes a store's directory with everything in it.
func removeTemporaryDirectory(_ directory: String) throws {
  let disk = SystemFileSystem()
  for name in try disk.names(in: directory) {
    let path = FilePath.joining(directory, name)
    if try disk.status(of: path)?.kind == .directory {
      try removeTemporaryDirectory(path)
    } else {
      try disk.remove(path)
    }
  }
  rmdir(directory)
}
#endif
