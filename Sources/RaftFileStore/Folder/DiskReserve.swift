internal import Raft
internal import RaftFiles

/// Space that is taken while there is some, to be given back when the disk is full.
///
/// It is a file without content. When a write finds the disk to be full, the file is removed, and the
/// space is there for what must still be written: votes, truncations, purges, and what was accepted
/// before anybody knew. Nothing relies on the file, so it is never synced.
struct DiskReserve: Sendable {
  let layout: FolderLayout
  let fileSystem: any FileSystem
  /// How many bytes it takes; 0 for none.
  let size: Int
  /// Whether the space is taken.
  private(set) var isHeld = false

  init(_ layout: FolderLayout, _ fileSystem: any FileSystem, size: Int) {
    self.layout = layout
    self.fileSystem = fileSystem
    self.size = size
  }

  /// Whether the disk has no more left than the reserve has; without a reserve, never.
  func isDiskLow(before byteCount: Int = 0) throws(FileError) -> Bool {
    guard self.size > 0 else { return false }
    return try self.available < self.size + byteCount
  }

  /// Takes the space, if as much is left behind it; whether it is taken then, or none is wanted.
  mutating func take() throws(FileError) -> Bool {
    guard !self.isHeld else { return true }
    let status = try self.fileSystem.status(of: self.layout.reserve)
    if let status, self.size > 0, status.size == self.size {
      self.isHeld = true
      return true
    }
    if status != nil { try self.fileSystem.remove(self.layout.reserve) }
    guard self.size > 0 else { return true }
    guard try self.available >= 2 * self.size else { return false }
    do throws(FileError) {
      let file = try self.fileSystem.open(self.layout.reserve, .createNew)
      defer { file.close() }
      try file.preallocate(to: self.size, .reserved)
    } catch {
      try? self.fileSystem.remove(self.layout.reserve)
      guard error.code == .noSpace else { throw error }
      return false
    }
    self.isHeld = true
    return true
  }

  /// Gives the space back, be it an earlier process's; whether there was any.
  mutating func release() throws(FileError) -> Bool {
    self.isHeld = false
    guard try self.fileSystem.status(of: self.layout.reserve) != nil else { return false }
    try self.fileSystem.remove(self.layout.reserve)
    return true
  }

  /// Runs the body, and once more with the space given back if the disk was full.
  ///
  /// What the body writes must be such that it may be written again from its beginning. A sync that
  /// failed is never repeated.
  mutating func spending<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(FileError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      guard error.isLackOfSpace, try self.release() else { throw error }
      return try body()
    }
  }

  private var available: Int {
    get throws(FileError) { try self.fileSystem.availableBytes(at: self.layout.root) }
  }
}

extension FileError {
  /// Whether the disk was full when something new was to be written.
  var isLackOfSpace: Bool {
    guard self.code == .noSpace else { return false }
    return switch self.operation {
    case .open, .write, .truncate, .preallocate, .createDirectory: true
    default: false
    }
  }
}
