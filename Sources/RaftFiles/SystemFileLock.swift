import Glibc

/// A lock file of the operating system, held through `flock(2)`.
///
/// That lock belongs to the open file, not to the process: a second claim in the same process
/// opens the file anew and is refused too.
final class SystemFileLock: FileLock {
  let path: String
  private let descriptor: Descriptor
  /// Whether the lock file names this process.
  private let isSigned: Bool

  private init(path: String, descriptor: Descriptor, isSigned: Bool) {
    self.path = path
    self.descriptor = descriptor
    self.isSigned = isSigned
  }

  /// Claims the lock file behind an open descriptor, and writes this process's id into it.
  static func claim(_ path: String, _ descriptor: Descriptor) throws(FileError) -> SystemFileLock {
    try self.take(LOCK_EX, path, descriptor)
    try descriptor.use(.lock, path) { (number) throws(FileError) in Self.sign(number) }
    // Only a claim that holds may have a lock object: its end erases the holder's id.
    return SystemFileLock(path: path, descriptor: descriptor, isSigned: true)
  }

  /// Claims the lock file behind an open descriptor together with others that do so.
  static func share(_ path: String, _ descriptor: Descriptor) throws(FileError) -> SystemFileLock {
    try self.take(LOCK_SH, path, descriptor)
    return SystemFileLock(path: path, descriptor: descriptor, isSigned: false)
  }

  private static func take(
    _ manner: Int32, _ path: String, _ descriptor: Descriptor
  ) throws(FileError) {
    try descriptor.use(.lock, path) { (number) throws(FileError) in
      do throws(FileError) {
        _ = try retrying(.lock, path) { Int(flock(number, manner | LOCK_NB)) }
      } catch {
        guard error.code == .other(errno: EWOULDBLOCK) else { throw error }
        throw FileError(.lock, path, .locked(byPID: Self.holder(number)))
      }
    }
  }

  deinit {
    self.release()
  }

  func release() {
    // The id goes first, so that it never names a process that no longer holds the lock.
    try? self.descriptor.use(.lock, self.path) { (number) throws(FileError) in
      if self.isSigned { _ = ftruncate(number, 0) }
      _ = flock(number, LOCK_UN)
    }
    self.descriptor.close()
  }

  // The id only makes a refusal readable: where it cannot be written, the lock holds without it.
  private static func sign(_ number: Int32) {
    var text = "\(getpid())\n"
    guard ftruncate(number, 0) == 0 else { return }
    _ = text.withUTF8 { pwrite(number, $0.baseAddress, $0.count, 0) }
  }

  private static func holder(_ number: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    return Int32(
      String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
