import RaftConcurrency
import RaftFiles

/// A handle on a file of a simulated disk; it dies with the life of the machine that opened it.
final class SimulatedFile: File {
  let path: String
  private let spelled: DiskPath
  private let ticket: Int
  private let life: Int
  private let disk: Guarded<SimulatedDisk>

  init(path: String, ticket: Int, life: Int, disk: Guarded<SimulatedDisk>) {
    self.path = path
    self.spelled = DiskPath(path)
    self.ticket = ticket
    self.life = life
    self.disk = disk
  }

  deinit {
    self.close()
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try self.use(.write) { (disk, handle) throws(FileError) in
      try disk.write(bytes, at: offset, to: handle)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    try self.use(.read) { (disk, handle) throws(FileError) in
      try disk.read(into: buffer, at: offset, of: handle)
    }
  }

  func size() throws(FileError) -> Int {
    try self.use(.size) { (disk, handle) throws(FileError) in try disk.size(of: handle) }
  }

  func truncate(to size: Int) throws(FileError) {
    try self.use(.truncate) { (disk, handle) throws(FileError) in
      try disk.truncate(handle, to: size)
    }
  }

  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError) {
    try self.use(.preallocate) { (disk, handle) throws(FileError) in
      try disk.preallocate(handle, to: size, allocation)
    }
  }

  func sync() throws(FileError) {
    try self.use(.sync) { (disk, handle) throws(FileError) in try disk.sync(handle) }
  }

  func close() {
    self.disk.withLock { $0.close(self.ticket, of: self.life) }
  }

  private func use<Result>(
    _ operation: FileOperation,
    _ body: (inout SimulatedDisk, SimulatedDisk.Handle) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    try self.disk.withLock { (disk) throws(FileError) in
      let handle = try disk.handle(self.ticket, of: self.life, operation, self.spelled)
      return try body(&disk, handle)
    }
  }
}

/// A claim on a lock file of a simulated disk; a crash ends it.
final class SimulatedFileLock: FileLock {
  let path: String
  private let ticket: Int
  private let disk: Guarded<SimulatedDisk>

  init(path: String, ticket: Int, disk: Guarded<SimulatedDisk>) {
    self.path = path
    self.ticket = ticket
    self.disk = disk
  }

  deinit {
    self.release()
  }

  func release() {
    self.disk.withLock { $0.release(self.ticket, DiskPath(self.path)) }
  }
}
