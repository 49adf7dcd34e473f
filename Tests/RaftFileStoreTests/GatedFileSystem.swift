import RaftFiles

/// A file system with a gate before each operation, by kinds, where a device may stall.
///
/// Writes pass theirs when they are done: what a write that stalls leaves can be seen.
struct GatedFileSystem: ForwardingFileSystem {
  let base: any FileSystem
  let syncs = Gate()
  let writes = Gate()
  let reads = Gate()
  /// What concerns names and sizes.
  let others = Gate()

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    self.others.pass()
    return GatedFile(base: try self.base.open(path, mode), gates: self)
  }

  func remove(_ path: String) throws(FileError) {
    self.others.pass()
    try self.base.remove(path)
  }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    self.others.pass()
    try self.base.rename(path, to: newPath)
  }

  func syncDirectory(_ path: String) throws(FileError) {
    self.others.pass()
    try self.base.syncDirectory(path)
  }
}

private final class GatedFile: ForwardingFile {
  let base: any File
  private let gates: GatedFileSystem

  init(base: any File, gates: GatedFileSystem) {
    self.base = base
    self.gates = gates
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try self.base.write(bytes, at: offset)
    self.gates.writes.pass()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    self.gates.reads.pass()
    return try self.base.read(into: buffer, at: offset)
  }

  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError) {
    self.gates.others.pass()
    try self.base.preallocate(to: size, allocation)
  }

  func sync() throws(FileError) {
    self.gates.syncs.pass()
    try self.base.sync()
  }
}
