/// What was asked of a file system: the verb in an error, and the kind a fault is planned for.
public enum FileOperation: String, Hashable, Sendable, CaseIterable {
  /// Opening a file, creating it where the mode says so.
  case open
  /// Reading bytes of a file.
  case read
  /// Writing bytes of a file.
  case write
  /// Asking an open file for its size.
  case size
  /// Cutting or extending a file to a size.
  case truncate
  /// Reserving space for a file ahead of its writes.
  case preallocate
  /// Making the bytes and the size of a file durable.
  case sync
  /// Listing the names in a directory.
  case list
  /// Making one directory.
  case createDirectory
  /// Removing a file's name.
  case remove
  /// Removing an empty directory.
  case removeDirectory
  /// Giving a file another name, in place of whatever had it.
  case rename
  /// Making the names in a directory durable.
  case syncDirectory
  /// Asking what a path names.
  case status
  /// Taking a lock file.
  case lock
  /// Asking for the free space.
  case availableBytes
}

extension FileOperation: CustomStringConvertible {
  /// The operation as it reads after "cannot".
  public var description: String {
    switch self {
    case .open: "open"
    case .read: "read"
    case .write: "write"
    case .size: "ask the size of"
    case .truncate: "truncate"
    case .preallocate: "reserve space for"
    case .sync: "sync"
    case .list: "list"
    case .createDirectory: "create the directory"
    case .remove: "remove"
    case .removeDirectory: "remove the directory"
    case .rename: "rename"
    case .syncDirectory: "sync the directory"
    case .status: "inspect"
    case .lock: "lock"
    case .availableBytes: "ask the free space at"
    }
  }
}
