import RaftFiles
import Synchronization

/// A file system that counts the bytes that are read from files.
final class CountedReads: FileSystem {
  private let base: any FileSystem
  fileprivate let count = Atomic<Int>(0)

  init(base: any FileSystem) {
    self.base = base
  }

  var byteCount: Int { self.count.load(ordering: .relaxed) }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    CountedFile(base: try self.base.open(path, mode), counts: self)
  }

  func names(in directory: String) throws(FileError) -> [String] {
    try self.base.names(in: directory)
  }

  func createDirectory(_ path: String) throws(FileError) {
    try self.base.createDirectory(path)
  }

  func remove(_ path: String) throws(FileError) {
    try self.base.remove(path)
  }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try self.base.rename(path, to: newPath)
  }

  func syncDirectory(_ path: String) throws(FileError) {
    try self.base.syncDirectory(path)
  }

  func status(of path: String) throws(FileError) -> FileStatus? {
    try self.base.status(of: path)
  }

  func lock(_ path: String) throws(FileError) -> any FileLock {
    try self.base.lock(path)
  }

  func availableBytes(at path: String) throws(FileError) -> Int {
    try self.base.availableBytes(at: path)
  }
}

private final class CountedFile: File {
  private let base: any File
  private let counts: CountedReads

  init(base: any File, counts: CountedReads) {
    self.base = base
    self.counts = counts
  }

  var path: String { self.base.path }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try self.base.write(bytes, at: offset)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    let count = try self.base.read(into: buffer, at: offset)
    self.counts.count.add(count, ordering: .relaxed)
    return count
  }

  func size() throws(FileError) -> Int {
    try self.base.size()
  }

  func truncate(to size: Int) throws(FileError) {
    try self.base.truncate(to: size)
  }

  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError) {
    try self.base.preallocate(to: size, allocation)
  }

  func sync() throws(FileError) {
    try self.base.sync()
  }

  func close() {
    self.base.close()
  }
}
