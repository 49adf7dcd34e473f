import Glibc

/// A refusal by the file system: what was asked, of which path, and why it was not done.
///
/// After a failed write any prefix of its bytes may stand in the file. After a failed
/// ``File/sync()`` or ``FileSystem/syncDirectory(_:)`` the durability of everything not synced
/// before is unknown for good: a second sync that succeeds proves nothing, because the system
/// may have dropped the failed pages from its list.
public struct FileError: Error, Hashable, Sendable {
  /// The verb that failed.
  public let operation: FileOperation
  /// The path concerned; of a rename, the old one.
  public let path: String
  /// The reason, in the cases that callers tell apart.
  public let code: Code

  /// Makes the error of one failed operation.
  public init(_ operation: FileOperation, _ path: String, _ code: Code) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Why a file operation was refused.
  public enum Code: Hashable, Sendable {
    /// Nothing has this name, or a directory on the way to it is missing.
    case notFound
    /// The name is taken, where a new one was asked for.
    case alreadyExists
    /// The device or the quota is full.
    case noSpace
    /// The process lacks the permission.
    case permissionDenied
    /// Another holder has the lock; its process id, where the lock file tells it.
    case locked(byPID: Int32?)
    /// The device failed to read or write.
    case ioError
    /// The file ends before the bytes that were asked for; how many are missing.
    case tooShort(missing: Int)
    /// The handle was closed before this use.
    case closed
    /// The handle belongs to a process that a simulated crash ended.
    case crashed
    /// Any other number of the system, see `errno(3)`.
    case other(errno: Int32)

    /// Sorts a system error number into the cases that callers tell apart.
    public init(errno number: Int32) {
      self =
        switch number {
        case ENOENT: .notFound
        case EEXIST: .alreadyExists
        case ENOSPC, EDQUOT: .noSpace
        case EACCES, EPERM: .permissionDenied
        case EIO: .ioError
        default: .other(errno: number)
        }
    }
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence: what could not be done, why, and what helps.
  public var description: String { "cannot \(self.operation) \(self.path): \(self.code)" }
}

extension FileError.Code: CustomStringConvertible {
  /// The reason, and what helps against it.
  public var description: String {
    switch self {
    case .notFound: "no such file or directory; check the path"
    case .alreadyExists: "the name is already taken"
    case .noSpace: "no space left on the device; free some, then start again"
    case .permissionDenied: "permission denied; check owner and mode of the path"
    case .locked(let pid?): "process \(pid) holds the lock; stop it first"
    case .locked(nil): "another process holds the lock; stop it first"
    case .ioError: "the device reported an input/output error; check the disk"
    case .tooShort(let missing): "the file ends \(missing) bytes too early"
    case .closed: "the handle is already closed"
    case .crashed: "the simulated process has crashed; open the file again"
    case .other(let number): "\(String(cString: strerror(number))) (errno \(number))"
    }
  }
}
