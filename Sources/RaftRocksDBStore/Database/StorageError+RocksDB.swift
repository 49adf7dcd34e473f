#if RocksDB
internal import CRocksDB
internal import Raft
internal import RaftCodec
internal import RaftFiles

extension StorageError {
  /// A failure in RocksDB's words, which begin with its kind.
  init(rocksDB message: String, in directory: String) {
    if message.contains("lock hold by current process") || message.contains("While lock file") {
      self.init(
        .locked,
        "another process, or another store of this one, uses the store in \(directory): stop it "
          + "first, or give this node a directory of its own (\(message))")
    } else if message.hasPrefix("Corruption") || message.contains("olumn family not found")
      || message.contains("does not exist (create_if_missing is false)")
    {
      self = .damaged(directory, message)
    } else if message.contains("No space left on device") {
      self.init(.full, "\(directory): \(message)")
    } else if message.hasPrefix("Not implemented") || message.hasPrefix("Not supported")
      || message.contains("olumn famil")
    {
      self.init(
        .foreign,
        "\(directory) holds a database that this version does not know how to read: \(message)")
    } else {
      self.init(.io, "\(directory): \(message)")
    }
  }

  /// A row whose bytes are not what they should be.
  init(_ error: CodecError, in row: String, of directory: String) {
    self =
      error.isFromNewerFormat
      ? StorageError(
        .foreign, "\(row) of \(directory) was written by a newer version: \(error.description)")
      : .damaged(directory, "\(row): \(error.description)")
  }

  /// Data that was changed, or lost, after it was written.
  static func damaged(_ directory: String, _ what: String) -> StorageError {
    StorageError(
      .corrupted,
      "the database in \(directory) is damaged: \(what). Keep the directory as evidence, and "
        + "rebuild this node from the cluster under a new incarnation")
  }

  /// What is answered after the store was closed.
  static let storeClosed = StorageError(
    .closed, "the RocksDB store is closed: open its directory again to go on")

  /// What later calls are told after this failure.
  var latched: StorageError {
    StorageError(.closed, "the RocksDB store accepts nothing since it failed: \(self.message)")
  }
}

/// Runs file operations, and states their failure in the words of the stores.
func onDisk<Value>(_ body: () throws(FileError) -> Value) throws(StorageError) -> Value {
  do throws(FileError) {
    return try body()
  } catch {
    switch error.code {
    case .noSpace: throw StorageError(.full, error.description)
    case .locked(let holder):
      let process = holder.map { "process \($0)" } ?? "another process"
      throw StorageError(
        .locked,
        "\(process) uses the store in \(FilePath.parent(of: error.path)): stop it first, or give "
          + "this node a directory of its own")
    default: throw StorageError(.io, error.description)
    }
  }
}

/// Calls a function of RocksDB, which tells failures by a text of its own.
func rocks<Result>(
  in directory: String,
  _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) throws(StorageError) -> Result {
  var message: UnsafeMutablePointer<CChar>?
  let result = body(&message)
  guard let message else { return result }
  defer { rocksdb_free(message) }
  throw StorageError(rocksDB: String(cString: message), in: directory)
}
#endif
