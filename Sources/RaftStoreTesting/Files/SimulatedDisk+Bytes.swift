import Glibc
import RaftFiles

// The verbs that concern an open file.
extension SimulatedDisk {
  func handle(
    _ ticket: Int, of life: Int, _ operation: FileOperation, _ path: DiskPath
  ) throws(FileError) -> Handle {
    guard life == self.life else { throw FileError(operation, path.description, .crashed) }
    try self.checkRunning(operation, path)
    guard let handle = self.handles[ticket] else {
      throw FileError(operation, path.description, .closed)
    }
    return handle
  }

  mutating func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, to handle: Handle
  ) throws(FileError) {
    precondition(offset >= 0, "a write at the negative offset \(offset) of \(handle.path)")
    guard handle.isWritable else {
      throw FileError(.write, handle.path.description, .other(errno: EBADF))
    }
    if bytes.isEmpty { return }
    let fault = try self.fault(.mutates, .write, handle.path)
    // What fits is written before the disk is found to be full, as the system does it.
    let room = max(0, self.sizeLimit(of: handle.node) - offset)
    let count = min(bytes.count, room, fault == nil ? bytes.count : bytes.count / 2)
    if count > 0 {
      self.files[handle.node]!.make(.write(Array(bytes.prefix(count)), at: offset))
      self.journal.record(
        .wrote(handle.path.description, offset..<offset + count), file: handle.node)
    }
    if let code = fault ?? (count < bytes.count ? .noSpace : nil) {
      throw self.refusal(.write, handle.path, code, file: handle.node)
    }
  }

  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int, of handle: Handle
  ) throws(FileError) -> Int {
    precondition(offset >= 0, "a read at the negative offset \(offset) of \(handle.path)")
    try self.admit(.reads, .read, handle.path, file: handle.node)
    self.reads += 1
    let fault = self.faults.reads.removeValue(forKey: self.reads)
    if fault == .failed { throw self.refusal(.read, handle.path, .ioError, file: handle.node) }
    let bytes = self.files[handle.node]!.cached
    let whole = max(0, min(buffer.count, bytes.count - offset))
    let count = fault == .short ? whole / 2 : whole
    if count > 0 { buffer.copyBytes(from: bytes[offset..<offset + count]) }
    return count
  }

  mutating func size(of handle: Handle) throws(FileError) -> Int {
    try self.admit(.reads, .size, handle.path, file: handle.node)
    return self.files[handle.node]!.cached.count
  }

  mutating func truncate(_ handle: Handle, to size: Int) throws(FileError) {
    precondition(size >= 0, "a truncation of \(handle.path) to the negative size \(size)")
    guard handle.isWritable else {
      throw FileError(.truncate, handle.path.description, .other(errno: EINVAL))
    }
    try self.admit(.mutates, .truncate, handle.path, file: handle.node)
    try self.resize(.truncate, handle, to: size)
  }

  mutating func preallocate(
    _ handle: Handle, to size: Int, _ allocation: FileAllocation
  ) throws(FileError) {
    let present = self.files[handle.node]!.cached.count
    guard size > present else { return }
    guard handle.isWritable else {
      throw FileError(.preallocate, handle.path.description, .other(errno: EBADF))
    }
    try self.admit(.mutates, .preallocate, handle.path, file: handle.node)
    switch allocation {
    case .reserved: try self.resize(.preallocate, handle, to: size)
    case .zeroed:
      let end = min(size, self.sizeLimit(of: handle.node))
      if end > present {
        let zeros = [UInt8](repeating: 0, count: end - present)
        self.files[handle.node]!.make(.write(zeros, at: present))
        self.journal.record(.wrote(handle.path.description, present..<end), file: handle.node)
      }
      guard end == size else {
        throw self.refusal(.preallocate, handle.path, .noSpace, file: handle.node)
      }
    }
  }

  mutating func sync(_ handle: Handle) throws(FileError) {
    if let fault = try self.fault(.mutates, .sync, handle.path) {
      self.files[handle.node]!.strand()
      throw self.refusal(.sync, handle.path, fault, file: handle.node)
    }
    self.files[handle.node]!.sync()
    self.journal.record(.synced(handle.path.description), file: handle.node)
  }

  mutating func close(_ ticket: Int, of life: Int) {
    if life == self.life { self.handles[ticket] = nil }
  }

  /// Turns one bit of a byte on the medium.
  mutating func flip(bit: Int, at offset: Int, in path: DiskPath) throws(FileError) {
    precondition((0..<8).contains(bit), "a byte has no bit \(bit)")
    let node = try self.findFile(.write, path)
    let durable = self.files[node]!.durable.count
    let present = min(durable, self.files[node]!.cached.count)
    guard offset >= 0, offset < present else {
      throw FileError(.write, path.description, .tooShort(missing: offset + 1 - present))
    }
    self.files[node]!.flip(bit: bit, at: offset)
  }

  private mutating func resize(
    _ operation: FileOperation, _ handle: Handle, to size: Int
  ) throws(FileError) {
    let present = self.files[handle.node]!.cached.count
    guard size <= max(present, self.sizeLimit(of: handle.node)) else {
      throw self.refusal(operation, handle.path, .noSpace, file: handle.node)
    }
    self.files[handle.node]!.make(.resize(to: size))
    self.journal.record(
      .resized(handle.path.description, from: present, to: size), file: handle.node)
  }

  /// The size up to which the file may grow in the space that is left.
  private func sizeLimit(of node: Int) -> Int {
    let (limit, overflow) = self.files[node]!.cached.count
      .addingReportingOverflow(self.availableBytes)
    return overflow ? .max : limit
  }
}
