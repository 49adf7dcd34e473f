internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Writes the files that a snapshot's content names, each checked, into a directory; blocks.
struct DirectoryUnpacking {
  private let content: any SnapshotReader
  private let directory: String
  private let fileSystem: any FileSystem
  private var bytes: [UInt8] = []
  /// Where in `bytes` the next one stands.
  private var start = 0
  /// How many bytes of the content were taken.
  private var offset = 0
  private var previous: String?
  private var folders: Set<String> = []

  init(_ content: any SnapshotReader, into directory: String, _ fileSystem: any FileSystem) {
    self.content = content
    self.directory = directory
    self.fileSystem = fileSystem
  }

  /// Writes all files, and makes them durable with their names.
  mutating func run() async throws(StorageError) {
    try self.makeFolder(self.directory)
    guard try await self.take(DirectoryFrame.markSize) == DirectoryFrame.mark else {
      throw self.damaged("it does not begin as the files of a directory do")
    }
    var count = 0
    while try await self.unpackFile(after: count) { count += 1 }
    guard try await self.isAtEnd() else { throw self.damaged("bytes are left over behind its end") }
    // Deeper ones first: a directory is durable with what is in it before its own name is.
    for folder in self.folders.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      try onDisk { () throws(FileError) in try self.fileSystem.syncDirectory(folder) }
    }
  }

  /// Writes the next file; `false` if there is none, after so many.
  private mutating func unpackFile(after count: Int) async throws(StorageError) -> Bool {
    let head = try await self.take(12)
    let length = Int(Self.number(head[..<4]))
    let number = Self.number(head[4...])
    guard length > 0 else {
      guard number == UInt64(count) else {
        throw self.damaged("it ends after \(count) files, and says there are \(number)")
      }
      return false
    }
    guard length <= DirectoryFrame.pathMax, let size = Int(exactly: number) else {
      throw self.damaged("a path of \(length) bytes to a file of \(number)")
    }
    guard let path = String(validating: try await self.take(length), as: UTF8.self) else {
      throw self.damaged("a path is not valid text")
    }
    if let refusal = DirectoryFrame.refusal(of: path) {
      throw self.damaged("a file is refused: \(refusal)")
    }
    if let previous, !previous.utf8.lexicographicallyPrecedes(path.utf8) {
      throw self.damaged("'\(path)' does not come behind '\(previous)'")
    }
    self.previous = path
    try await self.write(path, byteCount: size)
    return true
  }

  private mutating func write(_ path: String, byteCount: Int) async throws(StorageError) {
    let full = FilePath.joining(self.directory, path)
    try self.makeFolder(FilePath.parent(of: full))
    let file = try onDisk { () throws(FileError) in try self.fileSystem.open(full, .createNew) }
    defer { file.close() }
    var hash = ContentHash()
    var written = 0
    while written < byteCount {
      let piece = try await self.take(min(DirectorySnapshot.pieceSize, byteCount - written))
      hash.update(with: piece)
      try onDisk { () throws(FileError) in try file.write(piece, at: written) }
      written += piece.count
    }
    guard try await self.take(DirectoryFrame.hashSize) == DirectorySnapshot.bytes(of: hash) else {
      throw self.damaged("the bytes of '\(path)' were changed")
    }
    try onDisk { () throws(FileError) in try file.sync() }
  }

  /// Makes a folder of the directory, and those above it.
  private mutating func makeFolder(_ path: String) throws(StorageError) {
    guard !self.folders.contains(path) else { return }
    if path != self.directory { try self.makeFolder(FilePath.parent(of: path)) }
    try onDisk { () throws(FileError) in try self.fileSystem.createDirectory(path) }
    self.folders.insert(path)
  }

  // MARK: The content

  /// The next bytes, exactly so many.
  private mutating func take(_ count: Int) async throws(StorageError) -> [UInt8] {
    while self.bytes.count - self.start < count {
      guard let more = try await self.content.next() else {
        throw self.damaged("it ends in the middle of a file")
      }
      self.bytes.removeFirst(self.start)
      self.start = 0
      self.bytes += more
    }
    defer {
      self.start += count
      self.offset += count
    }
    return Array(self.bytes[self.start..<(self.start + count)])
  }

  private mutating func isAtEnd() async throws(StorageError) -> Bool {
    guard self.start == self.bytes.count else { return false }
    while let more = try await self.content.next() {
      guard more.isEmpty else { return false }
    }
    return true
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func damaged(_ what: String) -> StorageError {
    StorageError(
      .corrupted, "the snapshot of a directory is damaged at byte \(self.offset): \(what)")
  }
}
