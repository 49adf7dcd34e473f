import Glibc
import RaftFiles
import RaftStoreTesting

/// A place where threads wait while it is shut, and where a test sees them arrive.
final class Gate: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isShut = false
  private var arrived = 0
  private var observers: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []

  init() {
    pthread_mutex_init(self.mutex, nil)
    pthread_cond_init(self.condition, nil)
  }

  deinit {
    pthread_cond_destroy(self.condition)
    pthread_mutex_destroy(self.mutex)
    self.condition.deallocate()
    self.mutex.deallocate()
  }

  /// How many arrivals there were.
  var count: Int { self.locked { self.arrived } }

  func shut() {
    self.locked { self.isShut = true }
  }

  func open() {
    self.locked { self.isShut = false }
    pthread_cond_broadcast(self.condition)
  }

  /// Returns when there were this many arrivals.
  func arrival(_ number: Int) async {
    await withCheckedContinuation { continuation in
      let isPast = self.locked {
        if self.arrived < number { self.observers.append((number, continuation)) }
        return self.arrived >= number
      }
      if isPast { continuation.resume() }
    }
  }

  /// Arrives, and goes on once the gate is open.
  func pass() {
    let seen = self.locked {
      self.arrived += 1
      defer { self.observers.removeAll { $0.number <= self.arrived } }
      return self.observers.filter { $0.number <= self.arrived }
    }
    for observer in seen { observer.continuation.resume() }
    self.locked {
      while self.isShut { pthread_cond_wait(self.condition, self.mutex) }
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return body()
  }
}

/// A file system with a gate before each sync and each read of a file, and one behind each write.
struct GatedFileSystem: FileSystem {
  let base: any FileSystem
  let syncs = Gate()
  let writes = Gate()
  let reads = Gate()

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    GatedFile(
      base: try self.base.open(path, mode), syncs: self.syncs, writes: self.writes,
      reads: self.reads)
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

private final class GatedFile: File {
  private let base: any File
  private let syncs: Gate
  private let writes: Gate
  private let reads: Gate

  init(base: any File, syncs: Gate, writes: Gate, reads: Gate) {
    self.base = base
    self.syncs = syncs
    self.writes = writes
    self.reads = reads
  }

  var path: String { self.base.path }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try self.base.write(bytes, at: offset)
    self.writes.pass()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    self.reads.pass()
    return try self.base.read(into: buffer, at: offset)
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
    self.syncs.pass()
    try self.base.sync()
  }

  func close() {
    self.base.close()
  }
}
