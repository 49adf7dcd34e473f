import Glibc
import RaftFiles

/// A new directory for one measurement, which is removed with all that is in it.
enum BenchDirectory {
  /// Makes one in this directory; its path.
  static func make(in directory: String) throws(BenchFailure) -> String {
    var template = Array(FilePath.joining(directory, "raft-bench.XXXXXX").utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else {
      throw BenchFailure(
        "no directory can be made in '\(directory)': \(String(cString: strerror(errno)))")
    }
    return made
  }

  /// Removes it.
  static func remove(_ path: String) throws(FileError) {
    let system = SystemFileSystem()
    for name in try system.names(in: path) {
      let inner = FilePath.joining(path, name)
      if try system.status(of: inner)?.kind == .directory {
        try self.remove(inner)
      } else {
        try system.remove(inner)
      }
    }
    rmdir(path)
  }
}
