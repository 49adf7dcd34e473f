/// An open file: positional reads and writes, and the sync that makes them durable.
///
/// Every call blocks its thread until the system answers. Calls may come from several threads at
/// once; writes to overlapping ranges must be ordered by the caller. A handle that is let go
/// without ``close()`` closes itself.
public protocol File: AnyObject, Sendable {
  /// The path under which the file was opened; a rename does not change it.
  var path: String { get }

  /// Writes all the bytes, the first one at `offset`, extending the file where needed.
  ///
  /// The bytes are visible to every reader on return and durable after the next ``sync()``.
  /// When this throws, any prefix of the bytes may have been written.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError)

  /// Fills the buffer from `offset` on and returns how many bytes there were before the end.
  ///
  /// A result smaller than the buffer means that the file ends there.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int

  /// The size of the file in bytes.
  func size() throws(FileError) -> Int

  /// Cuts the file to `size` bytes, or extends it with zeros; durable after the next ``sync()``.
  func truncate(to size: Int) throws(FileError)

  /// Extends the file to at least `size` bytes; the new ones read as zero.
  ///
  /// Bytes that are already there stay. Later writes below `size` need no further space. When
  /// this throws, the file may have grown by a part.
  func preallocate(to size: Int, _ allocation: FileAllocation) throws(FileError)

  /// Asks the system to begin writing these bytes to the device, and does not wait for it, so that
  /// the next ``sync()`` finds less to do.
  ///
  /// It makes nothing durable, and the system may do nothing at all. When this throws, the bytes
  /// may be lost, as after a failed write.
  func beginWriting(_ range: Range<Int>) throws(FileError)

  /// Makes every write and size change that returned before this call durable.
  ///
  /// When this throws, never call it again in the hope of success: see ``FileError``.
  func sync() throws(FileError)

  /// Asks the system to forget what it holds of the file in memory, so that the next reads reach
  /// the device.
  ///
  /// What is not durable yet is kept. It is a wish; nothing tells whether it was fulfilled.
  func dropCache()

  /// Ends the use of the handle; a second call does nothing.
  ///
  /// Closing makes nothing durable. Later calls throw ``FileError/Code/closed``.
  func close()
}

/// How space is set aside for a file ahead of its writes.
public enum FileAllocation: Hashable, Sendable {
  /// The file system marks blocks as taken; quick, but the first write to each block still
  /// changes the file's map, which makes its sync dearer.
  case reserved
  /// Zeros are written; slow once, and later syncs need only write the data.
  case zeroed
}

extension File {
  /// Does nothing, for files that no memory stands in front of.
  public func dropCache() {}

  /// Does nothing: every byte waits for the sync.
  public func beginWriting(_ range: Range<Int>) throws(FileError) {}

  /// Writes all the bytes, the first one at `offset`.
  public func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try self.write(UnsafeRawBufferPointer(buffer), at: offset)
    }
  }

  /// The bytes from `offset` on: `count` of them, or fewer where the file ends before.
  public func read(upTo count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
      let whole = UnsafeMutableRawBufferPointer(buffer)
      var found = 0
      // Only a read without any bytes is an end: one that gives too few may have been cut short.
      while found < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: whole[found...])
        let more = try self.read(into: rest, at: offset + found)
        guard more > 0 else { break }
        found += more
      }
      return found
    }
    bytes.removeLast(count - found)
    return bytes
  }

  /// Exactly `count` bytes from `offset` on.
  ///
  /// Throws ``FileError/Code/tooShort(missing:)`` where the file ends before.
  public func read(exactly count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    let bytes = try self.read(upTo: count, at: offset)
    guard bytes.count == count else {
      throw FileError(.read, self.path, .tooShort(missing: count - bytes.count))
    }
    return bytes
  }
}
