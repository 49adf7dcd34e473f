import Glibc
import Raft

/// A file that grows: written and synced by one thread.
public protocol LogDevice: AnyObject, Sendable {
  func readAll() throws(StorageError) -> [UInt8]
  func append(_ bytes: [UInt8]) throws(StorageError)
  func truncate(to size: Int) throws(StorageError)
  func sync() throws(StorageError)
  func close()
}

/// A file on a disk, which one process at a time may have open.
public final class FileDevice: LogDevice {
  private let fd: Int32
  private let path: String

  /// Opens or makes the file, and makes its name durable.
  public init(directory: String) throws(StorageError) {
    path = directory + "/counter.log"
    if mkdir(directory, 0o755) != 0 && errno != EEXIST { throw Self.error("making", directory) }
    fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard fd >= 0 else { throw Self.error("opening", path) }
    guard flock(fd, LOCK_EX | LOCK_NB) == 0 else {
      let failure =
        errno == EWOULDBLOCK
        ? StorageError(.locked, "another process uses \(path)") : Self.error("locking", path)
      Glibc.close(fd)
      throw failure
    }
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { Glibc.close(folder) }
    guard folder >= 0, fsync(folder) == 0 else { throw Self.error("syncing", directory) }
  }

  private static func error(_ doing: String, _ path: String) -> StorageError {
    let code = errno
    return StorageError(code == ENOSPC ? .full : .io, "\(doing) \(path): errno \(code)")
  }

  /// Everything that the file holds.
  public func readAll() throws(StorageError) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(fd, &buffer, buffer.count, off_t(result.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.error("reading", path) }
      if count == 0 { return result }
      result += buffer[0..<count]
    }
  }

  /// Adds bytes at the end; they may be lost until ``sync()`` has returned.
  public func append(_ bytes: [UInt8]) throws(StorageError) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.error("writing", path) }
      start += count
    }
  }

  /// Cuts off what is behind so many bytes.
  public func truncate(to size: Int) throws(StorageError) {
    guard ftruncate(fd, off_t(size)) == 0 else { throw Self.error("cutting", path) }
  }

  /// Makes durable what was added.
  public func sync() throws(StorageError) {
    guard fsync(fd) == 0 else { throw Self.error("syncing", path) }
  }

  /// Lets go of the file.
  public func close() { Glibc.close(fd) }
}
