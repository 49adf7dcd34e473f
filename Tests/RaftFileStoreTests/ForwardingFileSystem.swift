import RaftFiles

/// A file system that hands everything on to another one, but for what it does itself.
protocol ForwardingFileSystem: FileSystem {
  var base: any FileSystem { get }
}

extension ForwardingFileSystem {
  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    try self.base.open(path, mode)
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

  func removeDirectory(_ path: String) throws(FileError) {
    try self.base.removeDirectory(path)
  }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try self.base.rename(path, to: newPath)
  }

  func renameDirectory(_ path: String, to newPath: String) throws(FileError) {
    try self.base.renameDirectory(path, to: newPath)
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

  func lockShared(_ path: String) throws(FileError) -> any FileLock {
    try self.base.lockShared(path)
  }

  func availableBytes(at path: String) throws(FileError) -> Int {
    try self.base.availableBytes(at: path)
  }
}

/// A file that hands everything on to another one, but for what it does itself.
protocol ForwardingFile: File {
  var base: any File { get }
}

extension ForwardingFile {
  var path: String { self.base.path }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try self.base.write(bytes, at: offset)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    try self.base.read(into: buffer, at: offset)
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

  func beginWriting(_ range: Range<Int>) throws(FileError) {
    try self.base.beginWriting(range)
  }

  func sync() throws(FileError) {
    try self.base.sync()
  }

  func dropCache() {
    self.base.dropCache()
  }

  func close() {
    self.base.close()
  }
}
