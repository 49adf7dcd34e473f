public import RaftFiles

/// One thing that happened on a simulated disk, or that a test noted, with its place in the order.
public struct FileEvent: Hashable, Sendable {
  /// The place in the order of all events of the disk, counted from 1.
  public let sequence: Int
  /// The number of the file concerned, the same through renames; `nil` where no file is.
  public let file: Int?
  /// What happened.
  public let action: Action

  /// What can happen on a simulated disk.
  ///
  /// Paths start with a slash; an open file has the path of its opening.
  public enum Action: Hashable, Sendable {
    /// An existing file was opened.
    case opened(String)
    /// A file was made.
    case created(String)
    /// Bytes were written, not yet durably.
    case wrote(String, Range<Int>)
    /// The size was changed, not yet durably.
    case resized(String, from: Int, to: Int)
    /// All writes to the file before this became durable.
    case synced(String)
    /// A file got another name, not yet durably.
    case renamed(String, to: String)
    /// A name was removed, not yet durably.
    case removed(String)
    /// A directory was made, not yet durably.
    case directoryCreated(String)
    /// A directory was removed, not yet durably.
    case directoryRemoved(String)
    /// All changes of names in the directory before this became durable.
    case directorySynced(String)
    /// A lock file was claimed.
    case locked(String)
    /// A claim on a lock file ended.
    case unlocked(String)
    /// A planned fault, or the lack of space, refused an operation.
    case failed(FileOperation, String, FileError.Code)
    /// The planned crash came: from here on every call is refused.
    case halted
    /// The disk was brought to what a crash leaves.
    case crashed(CrashMode)
    /// A mark of the test's own.
    case noted(String)
  }
}

extension FileEvent: CustomStringConvertible {
  /// The event on one line, its number first.
  public var description: String { "\(self.sequence) \(self.action)" }
}

extension FileEvent.Action: CustomStringConvertible {
  /// The event in a few words.
  public var description: String {
    switch self {
    case .opened(let path): "opened \(path)"
    case .created(let path): "created \(path)"
    case .wrote(let path, let range): "wrote \(path) \(range)"
    case .resized(let path, let old, let new): "resized \(path) from \(old) to \(new)"
    case .synced(let path): "synced \(path)"
    case .renamed(let path, let newPath): "renamed \(path) to \(newPath)"
    case .removed(let path): "removed \(path)"
    case .directoryCreated(let path): "created directory \(path)"
    case .directoryRemoved(let path): "removed directory \(path)"
    case .directorySynced(let path): "synced directory \(path)"
    case .locked(let path): "locked \(path)"
    case .unlocked(let path): "unlocked \(path)"
    case .failed(let operation, let path, let code): "could not \(operation) \(path): \(code)"
    case .halted: "halted"
    case .crashed(let mode): "crashed: \(mode)"
    case .noted(let mark): "noted \(mark)"
    }
  }
}
