import RaftConcurrency
public import RaftFiles

/// A file system in memory that forgets what was not synced, and fails when told to.
///
/// It keeps apart what processes see and what has reached the medium, for the bytes of each file
/// and for the names in each directory. ``crash(_:)`` shows what a power cut may leave; the
/// faults in ``fail(operation:with:)`` and its kin show what a device may do; the ``journal`` says
/// in which order everything happened. It is harsher than most disks: a file's sync does not sync
/// its name, directories do not wait for each other, and a rename across two directories may
/// leave both names or none. Equal calls in equal order always have equal results.
///
/// All paths start at its root, which is there from the start. It may be used from any thread.
public final class SimulatedFileSystem: FileSystem {
  let disk: Guarded<SimulatedDisk>

  /// Makes an empty disk.
  ///
  /// - Parameters:
  ///   - capacity: The bytes that all files together may take, or `nil` for no limit.
  ///   - retention: How much the journal keeps.
  public convenience init(
    capacity: Int? = nil, journal retention: FileJournal.Retention = .everything
  ) {
    let journal = FileJournal(retention: retention)
    self.init(SimulatedDisk(capacity: capacity, journal: journal))
  }

  init(_ disk: SimulatedDisk) {
    self.disk = Guarded(disk)
  }

  /// Opens the file of a path, or makes it, as the mode says.
  public func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    let (ticket, life) = try self.disk.withLock { (disk) throws(FileError) in
      (try disk.open(DiskPath(path), mode), disk.life)
    }
    return SimulatedFile(path: path, ticket: ticket, life: life, disk: self.disk)
  }

  /// The names in a directory, sorted.
  public func names(in directory: String) throws(FileError) -> [String] {
    try self.disk.withLock { (disk) throws(FileError) in try disk.names(in: DiskPath(directory)) }
  }

  /// Makes a directory, and those above it where they are missing, each as an operation.
  public func createDirectory(_ path: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in try disk.createDirectory(DiskPath(path)) }
  }

  /// Removes a file's name; its space is free when its last handle is closed.
  public func remove(_ path: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in try disk.remove(DiskPath(path)) }
  }

  /// Removes a directory without names in it.
  public func removeDirectory(_ path: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in
      try disk.removeDirectory(DiskPath(path))
    }
  }

  /// Gives a file another name, in place of the file that had it; directories are refused.
  public func rename(_ path: String, to newPath: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in
      try disk.rename(DiskPath(path), to: DiskPath(newPath))
    }
  }

  /// Gives a directory a name that nothing has, in the directory that holds it.
  public func renameDirectory(_ path: String, to newPath: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in
      try disk.renameDirectory(DiskPath(path), to: DiskPath(newPath))
    }
  }

  /// Makes the creations, renames and removals in a directory durable.
  public func syncDirectory(_ path: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in try disk.syncDirectory(DiskPath(path)) }
  }

  /// What a path names, or `nil` where it names nothing.
  public func status(of path: String) throws(FileError) -> FileStatus? {
    try self.disk.withLock { (disk) throws(FileError) in try disk.status(of: DiskPath(path)) }
  }

  /// Claims a lock file, made where it is missing; the process id in a refusal is ``processID``.
  public func lock(_ path: String) throws(FileError) -> any FileLock {
    let ticket = try self.disk.withLock { (disk) throws(FileError) in
      try disk.lock(DiskPath(path))
    }
    return SimulatedFileLock(path: path, ticket: ticket, disk: self.disk)
  }

  /// Claims an existing lock file beside others that only look.
  public func lockShared(_ path: String) throws(FileError) -> any FileLock {
    let ticket = try self.disk.withLock { (disk) throws(FileError) in
      try disk.lockShared(DiskPath(path))
    }
    return SimulatedFileLock(path: path, ticket: ticket, disk: self.disk)
  }

  /// What is left of the capacity; `Int.max` where there is none.
  public func availableBytes(at path: String) throws(FileError) -> Int {
    try self.disk.withLock { (disk) throws(FileError) in try disk.availableBytes(at: DiskPath(path))
    }
  }
}
