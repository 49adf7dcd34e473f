#if RocksDB
internal import Raft
internal import RaftCodec
internal import RaftFiles

/// How many synced writes a database has seen, in a small file beside it.
///
/// RocksDB takes a record of its log whose length is damaged for the unfinished end that a crash
/// leaves, and drops everything behind it. Each synced write puts its number into the database, and
/// then, when it is durable, into this file. So a database that comes back with a smaller number than
/// the file has lost what was reported. The file itself is never synced: after a power cut it may be
/// older, which tells less and nothing wrong.
struct SyncedCount: Sendable {
  private static let slotCount = 2
  private static let slotSpacing = 4096
  private static let slotSize = 12

  private let file: any File

  /// Opens the file in a directory; blocks.
  private init(_ directory: String, _ mode: FileMode) throws(FileError) {
    self.file = try SystemFileSystem().open(FilePath.joining(directory, "synced"), mode)
  }

  /// Makes the file for a new database, durably but for its name; blocks.
  static func make(in directory: String) throws(StorageError) -> SyncedCount {
    try onDisk { () throws(FileError) in
      let count = try SyncedCount(directory, .createIfMissing)
      try count.file.truncate(to: 0)
      try count.note(0)
      try count.file.sync()
      return count
    }
  }

  /// Opens the file of a database, and reads the number in it; blocks.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if there is none.
  static func open(in directory: String) throws(StorageError) -> (count: SyncedCount, UInt64) {
    do throws(FileError) {
      let count = try SyncedCount(directory, .readWrite)
      if let number = try count.read() { return (count, number) }
    } catch {
      guard error.code == .notFound else { throw StorageError(.io, error.description) }
    }
    throw .damaged(directory, "the file 'synced', which counts the writes, has no number")
  }

  /// Notes that the write of this number is durable.
  func note(_ number: UInt64) throws(FileError) {
    var writer = ByteWriter(reserving: Self.slotSize)
    writer.write(number)
    writer.write(CRC32C.checksum(of: writer.bytes))
    // Of two slots one is whole at any time.
    try self.file.write(writer.bytes, at: Int(number % UInt64(Self.slotCount)) * Self.slotSpacing)
  }

  /// Closes the file.
  func close() {
    self.file.close()
  }

  private func read() throws(FileError) -> UInt64? {
    var newest: UInt64?
    for slot in 0..<Self.slotCount {
      let bytes = try self.file.read(upTo: Self.slotSize, at: slot * Self.slotSpacing)
      var reader = ByteReader(bytes)
      guard let number = try? reader.readUInt64("the number"),
        let checksum = try? reader.readUInt32("its checksum"),
        checksum == CRC32C.checksum(of: bytes, in: 0..<8)
      else { continue }
      newest = max(newest ?? 0, number)
    }
    return newest
  }
}
#endif
