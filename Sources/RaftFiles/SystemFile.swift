import CRaftFiles
import Glibc

/// A file of the operating system, behind its descriptor.
final class SystemFile: File {
  let path: String
  private let descriptor: Descriptor

  init(path: String, descriptor: Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    precondition(offset >= 0, "a write at the negative offset \(offset) of \(self.path)")
    try self.descriptor.use(.write, self.path) { (number) throws(FileError) in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = try retrying(.write, self.path) {
          pwrite(number, rest.baseAddress, rest.count, offset + done)
        }
        // A device that takes nothing and reports nothing would keep this loop busy for ever.
        guard count > 0 else { throw FileError(.write, self.path, .ioError) }
        done += count
      }
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    precondition(offset >= 0, "a read at the negative offset \(offset) of \(self.path)")
    return try self.descriptor.use(.read, self.path) { (number) throws(FileError) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let count = try retrying(.read, self.path) {
          pread(number, rest.baseAddress, rest.count, offset + done)
        }
        if count == 0 { break }
        done += count
      }
      return done
    }
  }

  func size() throws(FileError) -> Int {
    try self.size(for: .size)
  }

  func truncate(to size: Int) throws(FileError) {
    precondition(size >= 0, "a truncation of \(self.path) to the negative size \(size)")
    try self.descriptor.use(.truncate, self.path) { (number) throws(FileError) in
      _ = try retrying(.truncate, self.path) { Int(ftruncate(number, size)) }
    }
  }

  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError) {
    let present = try self.size(for: .preallocate)
    guard size > present else { return }
    switch allocation {
    case .reserved: try self.reserve(size)
    case .zeroed: try self.writeZeros(present..<size)
    }
  }

  func sync() throws(FileError) {
    try self.descriptor.use(.sync, self.path) { (number) throws(FileError) in
      _ = try retrying(.sync, self.path) { Int(fdatasync(number)) }
    }
  }

  func beginWriting(_ range: Range<Int>) throws(FileError) {
    try self.descriptor.use(.write, self.path) { (number) throws(FileError) in
      _ = try retrying(.write, self.path) {
        Int(raft_begin_writeback(number, Int64(range.lowerBound), Int64(range.count)))
      }
    }
  }

  func dropCache() {
    try? self.descriptor.use(.read, self.path) { (number) throws(FileError) in
      _ = posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED)
    }
  }

  func close() {
    self.descriptor.close()
  }

  private func size(for operation: FileOperation) throws(FileError) -> Int {
    try self.descriptor.use(operation, self.path) { (number) throws(FileError) in
      try status(operation, self.path) { fstat(number, $0) }.size
    }
  }

  // posix_fallocate returns its error number instead of setting errno.
  private func reserve(_ size: Int) throws(FileError) {
    try self.descriptor.use(.preallocate, self.path) { (number) throws(FileError) in
      var result = EINTR
      while result == EINTR { result = posix_fallocate(number, 0, size) }
      guard result == 0 else { throw FileError(.preallocate, self.path, .init(errno: result)) }
    }
  }

  private func writeZeros(_ range: Range<Int>) throws(FileError) {
    let zeros = [UInt8](repeating: 0, count: min(range.count, 1 << 20))
    var offset = range.lowerBound
    do throws(FileError) {
      while offset < range.upperBound {
        let count = min(zeros.count, range.upperBound - offset)
        try zeros.withUnsafeBufferPointer { (buffer) throws(FileError) in
          let piece = UnsafeBufferPointer(rebasing: buffer[..<count])
          try self.write(UnsafeRawBufferPointer(piece), at: offset)
        }
        offset += count
      }
    } catch {
      throw FileError(.preallocate, self.path, error.code)
    }
  }
}

/// What a system call of the stat family tells, in the words of this module.
func status(
  _ operation: FileOperation, _ path: String, _ call: (UnsafeMutablePointer<stat>) -> Int32
) throws(FileError) -> FileStatus {
  var record = stat()
  _ = try retrying(operation, path) { Int(call(&record)) }
  return switch record.st_mode & S_IFMT {
  case S_IFREG: FileStatus(.file, size: Int(record.st_size))
  case S_IFDIR: FileStatus(.directory)
  default: FileStatus(.other)
  }
}
