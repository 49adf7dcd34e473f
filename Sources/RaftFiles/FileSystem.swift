internal import Glibc

/// The verbs through which the log and the snapshots reach a disk.
///
/// Every call blocks its thread until the system answers, so they belong on a thread of their
/// own. Nothing is durable by itself: bytes become durable by ``File/sync()``, names by
/// ``syncDirectory(_:)``; a power cut may undo everything else, in part and in any order.
public protocol FileSystem: Sendable {
  /// Opens the file of a path, or makes it, as the mode says.
  ///
  /// A new file is empty, and its name is durable only after its directory was synced. Throws
  /// ``FileError/Code/notFound``, ``FileError/Code/alreadyExists``, or `EISDIR` for a directory.
  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File

  /// The names in a directory, sorted, without "." and "..".
  ///
  /// Names that are not valid UTF-8 cannot be named by a path here and are left out.
  func names(in directory: String) throws(FileError) -> [String]

  /// Makes a directory, and those above it where they are missing; an existing one is left alone.
  func createDirectory(_ path: String) throws(FileError)

  /// Removes a file's name; who has the file open keeps it until the close.
  func remove(_ path: String) throws(FileError)

  /// Removes a directory without names in it.
  ///
  /// Throws `ENOTEMPTY` if it holds any.
  func removeDirectory(_ path: String) throws(FileError)

  /// Gives a file another name, atomically in place of the file that had it.
  ///
  /// Both names must lie in one file system. Across two directories both must be synced
  /// afterwards, the new one first. For directories there is ``renameDirectory(_:to:)``.
  func rename(_ path: String, to newPath: String) throws(FileError)

  /// Gives a directory a name that nothing has, in the directory that holds it, atomically.
  ///
  /// Throws ``FileError/Code/alreadyExists`` if something has the name.
  func renameDirectory(_ path: String, to newPath: String) throws(FileError)

  /// Makes the creations, renames and removals in a directory durable, not the files' bytes.
  ///
  /// When this throws, never call it again in the hope of success: see ``FileError``.
  func syncDirectory(_ path: String) throws(FileError)

  /// What a path names, or `nil` where it names nothing.
  func status(of path: String) throws(FileError) -> FileStatus?

  /// Claims a lock file, made where it is missing, without waiting.
  ///
  /// Throws ``FileError/Code/locked(byPID:)`` while another process, or another claim in this
  /// one, holds it. The lock file must not be removed while anyone may claim it.
  func lock(_ path: String) throws(FileError) -> any FileLock

  /// Claims an existing lock file beside others that only look, without waiting and without writing.
  ///
  /// While the claim lasts, ``lock(_:)`` is refused, and with it everybody who would write. Throws
  /// ``FileError/Code/notFound`` where the file is missing, and ``FileError/Code/locked(byPID:)``
  /// while a claim by ``lock(_:)`` holds it.
  func lockShared(_ path: String) throws(FileError) -> any FileLock

  /// How many bytes this process may still write to the device that holds the path.
  func availableBytes(at path: String) throws(FileError) -> Int
}

extension FileSystem {
  /// Refuses with `ENOSYS`, for file systems whose directories keep their names.
  public func renameDirectory(_ path: String, to newPath: String) throws(FileError) {
    throw FileError(.rename, path, .other(errno: ENOSYS))
  }

  /// Refuses with `ENOSYS`, for file systems that never take a directory away.
  public func removeDirectory(_ path: String) throws(FileError) {
    throw FileError(.removeDirectory, path, .other(errno: ENOSYS))
  }

  /// Claims the lock file alone, for file systems that know no other claim.
  public func lockShared(_ path: String) throws(FileError) -> any FileLock {
    try self.lock(path)
  }
}

/// For what a file is opened, and whether it may or must be new.
public enum FileMode: Hashable, Sendable, CaseIterable {
  /// An existing file, for reading alone; a write through it throws `EBADF`.
  case readOnly
  /// An existing file, for reading and writing.
  case readWrite
  /// A new file, for reading and writing; an existing one is refused.
  case createNew
  /// A file for reading and writing, made where it is missing.
  case createIfMissing
}

/// What a path names: its kind, and its size where it is a file.
public struct FileStatus: Hashable, Sendable {
  /// What a name can stand for.
  public enum Kind: Hashable, Sendable {
    /// A file with bytes.
    case file
    /// A directory.
    case directory
    /// Anything else: a device, a socket, a pipe.
    case other
  }

  /// What the name stands for.
  public let kind: Kind
  /// The size in bytes; zero for anything but a file.
  public let size: Int

  /// Makes a status; the size of anything but a file is taken as zero.
  public init(_ kind: Kind, size: Int = 0) {
    self.kind = kind
    self.size = kind == .file ? size : 0
  }
}
