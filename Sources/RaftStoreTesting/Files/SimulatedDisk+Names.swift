import Glibc
import RaftFiles

// The verbs that concern names.
extension SimulatedDisk {
  mutating func open(_ path: DiskPath, _ mode: FileMode) throws(FileError) -> Int {
    try self.checkRunning(.open, path)
    let creates =
      switch mode {
      case .createNew: true
      case .createIfMissing: self.lookUp(path) == nil
      case .readOnly, .readWrite: false
      }
    let node: Int
    if creates {
      try self.admit(.mutates, .open, path)
      node = try self.createFile(.open, path)
    } else {
      try self.admit(.reads, .open, path)
      node = try self.findFile(.open, path)
      self.journal.record(.opened(path.description), file: node)
    }
    let ticket = self.newTicket()
    self.handles[ticket] = Handle(node: node, path: path, isWritable: mode != .readOnly)
    return ticket
  }

  private mutating func createFile(
    _ operation: FileOperation, _ path: DiskPath
  ) throws(FileError) -> Int {
    guard self.lookUp(path) == nil else {
      throw FileError(operation, path.description, .alreadyExists)
    }
    let (directory, name) = try self.findEntry(operation, path)
    let node = self.newNode()
    self.files[node] = FileNode()
    self.directories[directory]!.make([(name, node)])
    self.journal.record(.created(path.description), file: node)
    return node
  }

  mutating func names(in path: DiskPath) throws(FileError) -> [String] {
    try self.admit(.reads, .list, path)
    let node = try self.findDirectory(.list, path)
    return self.directories[node]!.cached.keys.sorted()
  }

  mutating func createDirectory(_ path: DiskPath) throws(FileError) {
    try self.checkRunning(.createDirectory, path)
    for level in path.levels {
      if let node = self.lookUp(level) {
        if self.directories[node] != nil { continue }
        throw FileError(
          .createDirectory, path.description,
          level == path ? .alreadyExists : .other(errno: ENOTDIR))
      }
      try self.admit(.mutates, .createDirectory, level)
      let (directory, name) = try self.findEntry(.createDirectory, level)
      let node = self.newNode()
      self.directories[node] = DirectoryNode()
      self.directories[directory]!.make([(name, node)])
      self.journal.record(.directoryCreated(level.description))
    }
  }

  mutating func remove(_ path: DiskPath) throws(FileError) {
    try self.admit(.mutates, .remove, path)
    let node = try self.findFile(.remove, path)
    let (directory, name) = try self.findEntry(.remove, path)
    self.directories[directory]!.make([(name, nil)])
    self.journal.record(.removed(path.description), file: node)
  }

  mutating func removeDirectory(_ path: DiskPath) throws(FileError) {
    try self.admit(.mutates, .removeDirectory, path)
    let node = try self.findDirectory(.removeDirectory, path)
    guard self.directories[node]?.cached.values.isEmpty ?? false else {
      throw FileError(.removeDirectory, path.description, .other(errno: ENOTEMPTY))
    }
    let (directory, name) = try self.findEntry(.removeDirectory, path)
    self.directories[directory]!.make([(name, nil)])
    self.journal.record(.directoryRemoved(path.description))
  }

  mutating func rename(_ path: DiskPath, to newPath: DiskPath) throws(FileError) {
    try self.admit(.mutates, .rename, path)
    let node = try self.findFile(.rename, path)
    let (directory, name) = try self.findEntry(.rename, path)
    let (newDirectory, newName) = try self.findNewEntry(of: path, newPath)
    if let target = self.lookUp(newPath), self.directories[target] != nil {
      throw FileError(.rename, path.description, .other(errno: EISDIR))
    }
    guard path != newPath else { return }
    if directory == newDirectory {
      self.directories[directory]!.make([(name, nil), (newName, node)])
    } else {
      self.directories[newDirectory]!.make([(newName, node)])
      self.directories[directory]!.make([(name, nil)])
    }
    self.journal.record(.renamed(path.description, to: newPath.description), file: node)
  }

  mutating func renameDirectory(_ path: DiskPath, to newPath: DiskPath) throws(FileError) {
    try self.admit(.mutates, .rename, path)
    let node = try self.findDirectory(.rename, path)
    let (directory, name) = try self.findEntry(.rename, path)
    guard self.lookUp(newPath) == nil else {
      throw FileError(.rename, path.description, .alreadyExists)
    }
    let (newDirectory, newName) = try self.findNewEntry(of: path, newPath)
    guard directory == newDirectory else {
      throw FileError(.rename, path.description, .other(errno: EXDEV))
    }
    self.directories[directory]!.make([(name, nil), (newName, node)])
    self.journal.record(.renamed(path.description, to: newPath.description))
  }

  /// The entry that a rename is to make; its errors speak of the old path.
  private func findNewEntry(
    of path: DiskPath, _ newPath: DiskPath
  ) throws(FileError) -> (directory: Int, name: String) {
    do throws(FileError) {
      return try self.findEntry(.rename, newPath)
    } catch {
      throw FileError(.rename, path.description, error.code)
    }
  }

  mutating func syncDirectory(_ path: DiskPath) throws(FileError) {
    let fault = try self.fault(.mutates, .syncDirectory, path)
    let node = try self.findDirectory(.syncDirectory, path)
    if let fault {
      self.directories[node]!.strand()
      throw self.refusal(.syncDirectory, path, fault)
    }
    self.directories[node]!.sync()
    self.journal.record(.directorySynced(path.description))
    self.collect()
  }

  mutating func status(of path: DiskPath) throws(FileError) -> FileStatus? {
    try self.admit(.reads, .status, path)
    return self.lookUp(path).map { node in
      self.files[node].map { FileStatus(.file, size: $0.cached.count) } ?? FileStatus(.directory)
    }
  }

  mutating func availableBytes(at path: DiskPath) throws(FileError) -> Int {
    try self.admit(.reads, .availableBytes, path)
    _ = try self.find(.availableBytes, path)
    return self.availableBytes
  }

  /// Claims a lock file; the process id in a refusal is the number of this life.
  mutating func lock(_ path: DiskPath) throws(FileError) -> Int {
    try self.checkRunning(.lock, path)
    let creates = self.lookUp(path) == nil
    try self.admit(creates ? .mutates : .reads, .lock, path)
    let node = try creates ? self.createFile(.lock, path) : self.findFile(.lock, path)
    return try self.claim(node, path, isShared: false)
  }

  /// Claims a lock file beside others that only look.
  mutating func lockShared(_ path: DiskPath) throws(FileError) -> Int {
    try self.checkRunning(.lock, path)
    try self.admit(.reads, .lock, path)
    return try self.claim(try self.findFile(.lock, path), path, isShared: true)
  }

  private mutating func claim(
    _ node: Int, _ path: DiskPath, isShared: Bool
  ) throws(FileError) -> Int {
    guard !self.claims.values.contains(where: { $0.node == node && !($0.isShared && isShared) })
    else {
      throw FileError(.lock, path.description, .locked(byPID: Int32(self.life)))
    }
    let ticket = self.newTicket()
    self.claims[ticket] = Claim(node: node, isShared: isShared)
    self.journal.record(.locked(path.description), file: node)
    return ticket
  }

  mutating func release(_ ticket: Int, _ path: DiskPath) {
    guard let claim = self.claims.removeValue(forKey: ticket) else { return }
    self.journal.record(.unlocked(path.description), file: claim.node)
  }
}
