import Glibc
import RaftFiles
import RaftStoreTesting

/// The file systems that the contract is held against.
enum Disk: CaseIterable, Sendable {
  case system
  case simulated

  /// Runs a body in an empty directory of the file system, which is gone afterwards.
  func inEmptyDirectory(_ body: (_ files: any FileSystem, _ root: String) throws -> Void) throws {
    switch self {
    case .system: try inTemporaryDirectory { try body(SystemFileSystem(), $0) }
    case .simulated:
      let files = SimulatedFileSystem()
      try files.createDirectory("/root")
      try body(files, "/root")
    }
  }

  /// The process id that a lock taken here carries.
  var processID: Int32 {
    switch self {
    case .system: getpid()
    case .simulated: 1
    }
  }
}

/// Runs a body in a fresh temporary directory, and removes that with all that is in it.
func inTemporaryDirectory(_ body: (_ root: String) throws -> Void) throws {
  let root = try makeTemporaryDirectory()
  defer { removeTree(root) }
  try body(root)
}

func makeTemporaryDirectory() throws -> String {
  let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  guard let template = strdup(FilePath.joining(parent, "raft-files-XXXXXX")) else {
    throw FileError(.createDirectory, parent, .init(errno: errno))
  }
  defer { free(template) }
  guard mkdtemp(template) != nil else {
    throw FileError(.createDirectory, parent, .init(errno: errno))
  }
  return String(cString: template)
}

func removeTree(_ path: String) {
  for name in (try? SystemFileSystem().names(in: path)) ?? [] {
    let inner = FilePath.joining(path, name)
    if unlink(inner) != 0 { removeTree(inner) }
  }
  rmdir(path)
}

extension FileSystem {
  /// Makes a file of these bytes, without any sync.
  @discardableResult
  func make(_ path: String, _ bytes: [UInt8] = []) throws(FileError) -> any File {
    let file = try self.open(path, .createNew)
    try file.write(bytes, at: 0)
    return file
  }

  /// Makes a file of these bytes, synced with its name.
  @discardableResult
  func makeDurable(_ path: String, _ bytes: [UInt8] = []) throws(FileError) -> any File {
    let file = try self.make(path, bytes)
    try file.sync()
    try self.syncDirectory(FilePath.parent(of: path))
    return file
  }
}
