import Glibc

/// The file system of the machine.
///
/// Descriptors are closed on exec; interrupted calls are repeated. New files have mode 0640 and
/// new directories 0750, less the process's umask. A relative path starts at the process's
/// working directory.
public struct SystemFileSystem: FileSystem {
  /// Makes the machine's file system; all values are alike.
  public init() {}

  /// Opens the file of a path, or makes it, as the mode says.
  public func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    let flags =
      switch mode {
      case .readOnly: O_RDONLY
      case .readWrite: O_RDWR
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      case .createIfMissing: O_RDWR | O_CREAT
      }
    let descriptor = try self.descriptor(.open, path, flags)
    let kind = try descriptor.use(.open, path) { (number) throws(FileError) in
      try RaftFiles.status(.open, path) { fstat(number, $0) }.kind
    }
    guard kind != .directory else { throw FileError(.open, path, .other(errno: EISDIR)) }
    return SystemFile(path: path, descriptor: descriptor)
  }

  /// The names in a directory, sorted, without "." and "..".
  public func names(in directory: String) throws(FileError) -> [String] {
    guard let stream = opendir(directory) else {
      throw FileError(.list, directory, .init(errno: errno))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw FileError(.list, directory, .init(errno: errno)) }
    return names.sorted()
  }

  /// Makes a directory, and those above it where they are missing.
  public func createDirectory(_ path: String) throws(FileError) {
    do throws(FileError) {
      _ = try retrying(.createDirectory, path) { Int(mkdir(path, 0o750)) }
    } catch {
      switch error.code {
      case .alreadyExists:
        guard try self.status(of: path)?.kind == .directory else { throw error }
      case .notFound:
        let parent = FilePath.parent(of: path)
        guard parent != path, try self.status(of: parent) == nil else { throw error }
        try self.createDirectory(parent)
        try self.createDirectory(path)
      default: throw error
      }
    }
  }

  /// Removes a file's name.
  public func remove(_ path: String) throws(FileError) {
    _ = try retrying(.remove, path) { Int(unlink(path)) }
  }

  /// Removes a directory without names in it.
  public func removeDirectory(_ path: String) throws(FileError) {
    _ = try retrying(.removeDirectory, path) { Int(rmdir(path)) }
  }

  /// Gives a file another name, atomically in place of the file that had it.
  public func rename(_ path: String, to newPath: String) throws(FileError) {
    _ = try retrying(.rename, path) { Int(Glibc.rename(path, newPath)) }
  }

  /// Gives a directory a name that nothing has, in the directory that holds it.
  public func renameDirectory(_ path: String, to newPath: String) throws(FileError) {
    // The system lets an empty directory be replaced, which nobody here means.
    guard try self.status(of: newPath) == nil else {
      throw FileError(.rename, path, .alreadyExists)
    }
    try self.rename(path, to: newPath)
  }

  /// Makes the creations, renames and removals in a directory durable.
  public func syncDirectory(_ path: String) throws(FileError) {
    let descriptor = try self.descriptor(.syncDirectory, path, O_RDONLY | O_DIRECTORY)
    try descriptor.use(.syncDirectory, path) { (number) throws(FileError) in
      _ = try retrying(.syncDirectory, path) { Int(fsync(number)) }
    }
  }

  /// What a path names, or `nil` where it names nothing.
  public func status(of path: String) throws(FileError) -> FileStatus? {
    do throws(FileError) {
      return try RaftFiles.status(.status, path) { stat(path, $0) }
    } catch {
      guard error.code == .notFound || error.code == .other(errno: ENOTDIR) else { throw error }
      return nil
    }
  }

  /// Claims a lock file, made where it is missing, without waiting.
  public func lock(_ path: String) throws(FileError) -> any FileLock {
    try SystemFileLock.claim(path, self.descriptor(.lock, path, O_RDWR | O_CREAT))
  }

  /// Claims an existing lock file beside others that only look.
  public func lockShared(_ path: String) throws(FileError) -> any FileLock {
    try SystemFileLock.share(path, self.descriptor(.lock, path, O_RDONLY))
  }

  /// How many bytes this process may still write to the device that holds the path.
  public func availableBytes(at path: String) throws(FileError) -> Int {
    var record = statvfs()
    _ = try retrying(.availableBytes, path) { Int(statvfs(path, &record)) }
    // A file system that counts no blocks knows of no bound.
    guard record.f_blocks > 0 else { return .max }
    let (bytes, overflow) = UInt64(record.f_bavail).multipliedReportingOverflow(
      by: UInt64(record.f_frsize))
    return overflow ? .max : Int(clamping: bytes)
  }

  private func descriptor(
    _ operation: FileOperation, _ path: String, _ flags: Int32
  ) throws(FileError) -> Descriptor {
    let number = try retrying(operation, path) {
      Int(Glibc.open(path, flags | O_CLOEXEC, 0o640))
    }
    return Descriptor(Int32(number))
  }
}
