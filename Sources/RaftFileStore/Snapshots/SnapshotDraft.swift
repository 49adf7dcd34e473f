internal import Raft
internal import RaftCodec
internal import RaftFiles

/// A snapshot that is being written, under a name that nobody takes for a snapshot; blocks.
struct SnapshotDraft: Sendable {
  /// The content is cut into pieces of this many bytes.
  static let pieceSize = 256 << 10

  /// Where the snapshot will lie.
  let path: String
  /// What the content is said to be.
  let announced: SnapshotMeta
  private let fileSystem: any FileSystem
  private let file: any File
  private var encoder: SnapshotFileEncoder
  private var buffer: ByteWriter
  /// How many bytes are in the file.
  private var offset = 0
  /// Content that waits until it makes a whole piece.
  private var content: [UInt8] = []

  private var unfinished: String { FolderLayout.unfinished(self.path) }

  /// Begins a snapshot.
  init(
    _ meta: SnapshotMeta, path: String, fileSystem: any FileSystem
  ) throws(StorageError) {
    self.path = path
    self.announced = meta
    self.fileSystem = fileSystem
    self.buffer = ByteWriter(reserving: Self.pieceSize + 1024)
    self.encoder = SnapshotFileEncoder(SnapshotDescription(meta: meta), into: &self.buffer)
    self.file = try onDisk { () throws(FileError) in
      let file = try fileSystem.open(FolderLayout.unfinished(path), .createIfMissing)
      try file.truncate(to: 0)
      return file
    }
  }

  /// Whether there is enough content for the disk to be troubled.
  var isFull: Bool { self.content.count >= Self.pieceSize }

  /// Takes content; does not block.
  mutating func add(_ bytes: [UInt8]) {
    self.content.append(contentsOf: bytes)
  }

  /// Writes the content that makes whole pieces.
  mutating func writePieces() throws(StorageError) {
    let whole = self.content.count / Self.pieceSize * Self.pieceSize
    try self.write(pieces: 0..<whole)
    self.content.removeFirst(whole)
  }

  /// Ends the file and syncs it.
  mutating func finish() throws(StorageError) -> SnapshotMeta {
    try self.writePieces()
    try self.write(pieces: 0..<self.content.count)
    self.content = []
    let meta = self.encoder.finish(into: &self.buffer)
    try meta.requireContent(announcedBy: self.announced)
    try self.flush()
    try onDisk { () throws(FileError) in try self.file.sync() }
    return meta
  }

  /// Gives the finished file its name, durably.
  func publish(in directory: String) throws(StorageError) -> any File {
    try onDisk { () throws(FileError) in
      try self.fileSystem.rename(self.unfinished, to: self.path)
      do throws(FileError) {
        try self.fileSystem.syncDirectory(directory)
      } catch {
        // It was refused, so it must not turn up at the next start.
        try? self.fileSystem.remove(self.path)
        throw error
      }
    }
    return self.file
  }

  /// Removes what was written.
  func remove() {
    self.file.close()
    // If it stays, the next opening removes it.
    try? self.fileSystem.remove(self.unfinished)
  }

  private mutating func write(pieces range: Range<Int>) throws(StorageError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceSize) {
      let piece = start..<min(start + Self.pieceSize, range.upperBound)
      self.content.withUnsafeBytes {
        self.encoder.encode(
          content: UnsafeRawBufferPointer(rebasing: $0[piece]), into: &self.buffer)
      }
      try self.flush()
    }
  }

  private mutating func flush() throws(StorageError) {
    try onDisk { () throws(FileError) in
      try self.file.write(self.buffer.bytes, at: self.offset)
    }
    self.offset += self.buffer.count
    self.buffer.removeAll()
  }
}
