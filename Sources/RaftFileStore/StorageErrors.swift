internal import Raft
internal import RaftCodec
internal import RaftFiles

extension StorageError {
  /// The failure of a file operation, in the words of the stores.
  init(_ error: FileError) {
    switch error.code {
    case .noSpace: self.init(.full, error.description)
    case .locked(let holder):
      let process = holder.map { "process \($0)" } ?? "another process"
      self.init(
        .locked,
        "\(process) uses the store in \(FilePath.parent(of: error.path)): stop it first, or give "
          + "this node a directory of its own")
    case .closed: self.init(.closed, error.description)
    default: self.init(.io, error.description)
    }
  }

  /// Bytes of a file that are not what they should be.
  init(_ error: CodecError, in path: String) {
    self =
      error.isFromNewerFormat
      ? .newerFormat(path, error.description) : .damaged(path, error.description)
  }

  /// A file that was changed after it was written.
  static func damaged(_ path: String, _ what: String) -> StorageError {
    StorageError(.corrupted, Self.isDamaged(path) + what + Self.advice)
  }

  /// What the message says of the damage to this path, without path and advice.
  func reason(of path: String) -> String {
    var message = self.message[...]
    if message.hasPrefix(Self.isDamaged(path)) { message.removeFirst(Self.isDamaged(path).count) }
    if message.hasSuffix(Self.advice) { message.removeLast(Self.advice.count) }
    return String(message)
  }

  private static func isDamaged(_ path: String) -> String { "\(path) is damaged: " }

  private static let advice =
    ". Keep the directory as evidence, and rebuild this node from the cluster under a new incarnation"

  /// A file that only a newer build can read.
  static func newerFormat(_ path: String, _ what: String) -> StorageError {
    StorageError(.foreign, "\(path) was written by a newer version: \(what)")
  }

  /// What is answered after the store was closed.
  static let storeClosed = StorageError(
    .closed, "the file store is closed: open its directory again to go on")

  /// What later calls are told after this failure.
  var latched: StorageError {
    StorageError(.closed, "the file store accepts nothing since it failed: \(self.message)")
  }
}

/// Runs file operations, and states their failure in the words of the stores.
func onDisk<Value>(_ body: () throws(FileError) -> Value) throws(StorageError) -> Value {
  do throws(FileError) {
    return try body()
  } catch {
    throw StorageError(error)
  }
}
