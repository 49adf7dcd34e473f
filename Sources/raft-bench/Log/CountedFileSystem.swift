import RaftFiles
import Synchronization

/// The machine's file system, with counts of what is asked of it.
final class CountedFileSystem: FileSystem {
  private let base = SystemFileSystem()
  fileprivate let syncCount = Atomic<Int>(0)
  fileprivate let writtenCount = Atomic<Int>(0)
  fileprivate let readCount = Atomic<Int>(0)

  /// How often files were synced so far.
  var syncs: Int { self.syncCount.load(ordering: .relaxed) }
  /// How many bytes were written to files so far.
  var written: Int { self.writtenCount.load(ordering: .relaxed) }
  /// How many bytes were read from files so far.
  var read: Int { self.readCount.load(ordering: .relaxed) }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    CountedFile(base: try self.base.open(path, mode), counts: self)
  }

  func names(in directory: String) throws(FileError) -> [String] {
    try self.base.names(in: directory)
  }

  func createDirectory(_ path: String) throws(FileError) { try self.base.createDirectory(path) }

  func remove(_ path: String) throws(FileError) { try self.base.remove(path) }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try self.base.rename(path, to: newPath)
  }

  func syncDirectory(_ path: String) throws(FileError) { try self.base.syncDirectory(path) }

  func status(of path: String) throws(FileError) -> FileStatus? { try self.base.status(of: path) }

  func lock(_ path: String) throws(FileError) -> any FileLock { try self.base.lock(path) }

  func availableBytes(at path: String) throws(FileError) -> Int {
    try self.base.availableBytes(at: path)
  }
}

private final class CountedFile: File {
  private let base: any File
  private let counts: CountedFileSystem

  init(base: any File, counts: CountedFileSystem) {
    self.base = base
    self.counts = counts
  }

  var path: String { self.base.path }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    self.counts.writtenCount.add(bytes.count, ordering: .relaxed)
    try self.base.write(bytes, at: offset)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    let count = try self.base.read(into: buffer, at: offset)
    self.counts.readCount.add(count, ordering: .relaxed)
    return count
  }

  func size() throws(FileError) -> Int { try self.base.size() }

  func truncate(to size: Int) throws(FileError) { try self.base.truncate(to: size) }

  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError) {
    try self.base.preallocate(to: size, allocation)
  }

  func beginWriting(_ range: Range<Int>) throws(FileError) {
    try self.base.beginWriting(range)
  }

  func sync() throws(FileError) {
    self.counts.syncCount.add(1, ordering: .relaxed)
    try self.base.sync()
  }

  func dropCache() { self.base.dropCache() }

  func close() { self.base.close() }
}
