internal import Raft
internal import RaftConcurrency
internal import RaftFiles

/// A complete snapshot in a file, which stays open: without its name it can still be read.
struct FileSnapshot: StoredSnapshot {
  let meta: SnapshotMeta
  /// Where the file lies, or lay.
  let path: String
  private let file: any File
  private let thread: DiskThread

  init(_ meta: SnapshotMeta, file: any File, path: String, thread: DiskThread) {
    self.meta = meta
    self.file = file
    self.path = path
    self.thread = thread
  }

  func read() async throws(StorageError) -> any SnapshotReader {
    FileSnapshotReader(SnapshotScan(file: self.file, path: self.path), thread: self.thread)
  }

  /// Reads all of it from the device; blocks.
  ///
  /// - Parameter next: Called after each piece of the content, with its size.
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if it is damaged.
  func scrub(after next: (_ piece: Int) throws(StorageError) -> Void) throws(StorageError) {
    self.file.dropCache()
    var scan = SnapshotScan(file: self.file, path: self.path)
    while let piece = try scan.nextPiece() { try next(piece.count) }
  }
}

extension FileSnapshot {
  /// Opens a snapshot, and reads its description and its end; blocks.
  init(openedAt path: String, in folder: Folder) throws(StorageError) {
    let file = try onDisk { () throws(FileError) in
      try folder.fileSystem.open(path, .readOnly)
    }
    var scan = SnapshotScan(file: file, path: path)
    self.init(try scan.readMeta(), file: file, path: path, thread: folder.thread)
  }
}
