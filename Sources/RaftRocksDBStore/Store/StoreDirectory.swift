#if RocksDB
internal import CRocksDB
internal import Raft
internal import RaftFiles

/// The directory of a store: claims it, and tells a new one from one that lost its parts; blocks.
struct StoreDirectory: Sendable {
  let path: String
  private let files = SystemFileSystem()

  /// A directory at this path.
  init(_ path: String) {
    self.path = path
  }

  /// The file that is there while the database is being made.
  private var mark: String { FilePath.joining(self.path, "unfinished") }

  /// Makes the directory if it is not there, and keeps everybody else out.
  func claim() throws(StorageError) -> any FileLock {
    try onDisk { () throws(FileError) in
      try self.files.createDirectoryDurably(self.path)
      return try self.files.lock(FilePath.joining(self.path, "store.lock"))
    }
  }

  /// What the directory is; puts the mark into a new one, and removes what lies there unfinished.
  func prepare() throws(StorageError) -> Database.Condition {
    let names = try onDisk { () throws(FileError) in try self.files.names(in: self.path) }
    if names.contains("unfinished") {
      try self.removeUnfinished()
      return .new
    }
    guard !names.contains("CURRENT") else { return .made }
    if names.contains("IDENTITY"), names.contains("log") {
      throw StorageError(
        .foreign,
        "\(self.path) holds the data of another kind of store, in files: open it as that, or give "
          + "this store a new directory")
    }
    let remains = names.filter { name in
      name == "IDENTITY" || name.hasPrefix("MANIFEST-") || name.hasSuffix(".sst")
        || name.hasSuffix(".log")
    }
    guard remains.isEmpty else {
      throw .damaged(
        self.path, "the file CURRENT is missing, though there is \(remains.joined(separator: ", "))"
      )
    }
    try onDisk { () throws(FileError) in
      try self.files.open(self.mark, .createIfMissing).close()
      try self.files.syncDirectory(self.path)
    }
    return .new
  }

  /// Removes the mark: the database is made.
  func finish() throws(StorageError) {
    try onDisk { () throws(FileError) in
      try self.files.remove(self.mark)
      try self.files.syncDirectory(self.path)
    }
  }

  private func removeUnfinished() throws(StorageError) {
    guard let options = rocksdb_options_create() else {
      preconditionFailure("RocksDB made no options")
    }
    defer { rocksdb_options_destroy(options) }
    try rocks(in: self.path) { message in rocksdb_destroy_db(options, self.path, message) }
  }
}
#endif
