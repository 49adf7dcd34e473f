extension FileSystem {
  /// Makes a directory, and those above it where they are missing, so that they survive a power
  /// cut.
  ///
  /// Each level is synced before the next is made; so only the deepest one that exists can have
  /// been left undurable by an earlier attempt, and its name is synced too. If the sync behind a new
  /// one fails, that one is removed again: no later sync would ever make its name durable, so a later
  /// attempt must find nothing and make it anew.
  public func createDirectoryDurably(_ path: String) throws(FileError) {
    if let status = try self.status(of: path) {
      guard status.kind == .directory else {
        throw FileError(.createDirectory, path, .alreadyExists)
      }
      return try self.syncName(of: path)
    }
    let parent = FilePath.parent(of: path)
    if parent != path { try self.createDirectoryDurably(parent) }
    try self.createDirectory(path)
    do throws(FileError) {
      try self.syncDirectory(parent)
    } catch {
      try? self.removeDirectory(path)
      throw error
    }
  }

  // A directory that this process may not read holds no name of its making.
  private func syncName(of path: String) throws(FileError) {
    do throws(FileError) {
      try self.syncDirectory(FilePath.parent(of: path))
    } catch {
      guard error.code == .permissionDenied else { throw error }
    }
  }

  /// Puts a file of these bytes under a path: after a power cut it has the old bytes or the new.
  ///
  /// The bytes go into a neighbour with the suffix ".new", which is synced and renamed; a
  /// neighbour left by an earlier attempt is overwritten.
  public func replaceFile(at path: String, with bytes: [UInt8]) throws(FileError) {
    let neighbour = path + ".new"
    let file = try self.open(neighbour, .createIfMissing)
    defer { file.close() }
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
    try file.sync()
    try self.rename(neighbour, to: path)
    try self.syncDirectory(FilePath.parent(of: path))
  }

  /// All bytes of a file.
  public func readFile(at path: String) throws(FileError) -> [UInt8] {
    let file = try self.open(path, .readOnly)
    defer { file.close() }
    return try file.read(upTo: try file.size(), at: 0)
  }
}
