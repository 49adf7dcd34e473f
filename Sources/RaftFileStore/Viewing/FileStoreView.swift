public import Raft
public import RaftFiles

/// A file store's directory, opened to look and never to write.
///
/// ```swift
/// let view = try FileStoreView.open(directory: "/var/lib/fleet/raft")
/// print(view.log.last as Any, view.log.damage)
/// ```
///
/// Nothing in the directory is changed, not even what the next start of the node would mend. The
/// node must not run: what it writes meanwhile would look like damage, so a directory that is in use
/// is refused; and while a view is open, no node starts on the directory. Several views may be open
/// at once.
///
/// All calls block their thread until the disk answers, and hold a few megabytes of memory at most,
/// however long the log is. They may come from any thread.
public final class FileStoreView: Sendable {
  /// What the log holds, as far as a summary tells.
  public let log: LogInspection
  private let layout: FolderLayout
  private let fileSystem: any FileSystem
  private let identity: Result<FolderIdentity?, StorageError>
  private let disk: DiskIndex
  private let lock: (any FileLock)?

  private init(
    _ layout: FolderLayout, _ fileSystem: any FileSystem, _ lock: (any FileLock)?
  ) throws(StorageError) {
    self.layout = layout
    self.fileSystem = fileSystem
    self.lock = lock
    self.identity = try Self.identity(in: layout, fileSystem)
    var survey = LogSurvey(layout, fileSystem, self.identity, .summary)
    try survey.run()
    self.log = survey.inspection
    self.disk = survey.disk
  }

  /// Opens a directory.
  ///
  /// - Parameters:
  ///   - directory: The path of the store's directory.
  ///   - fileSystem: Where it lies; the machine's own unless set.
  /// - Throws: `StorageError` with kind `StorageError.Kind.missing` if there is no store,
  ///   `StorageError.Kind.locked` if a node uses it, and `StorageError.Kind.foreign` if a newer
  ///   version wrote it, or if its files are of several nodes. Damage is no error: ``log`` tells
  ///   of it.
  public static func open(
    directory: String, fileSystem: any FileSystem = SystemFileSystem()
  ) throws(StorageError) -> FileStoreView {
    let layout = FolderLayout(root: directory)
    return try FileStoreView(layout, fileSystem, try self.claim(layout, fileSystem))
  }

  /// Reads all files of the log, from the device, and checks every record.
  public func verifyLog() throws(StorageError) -> LogInspection {
    var survey = LogSurvey(self.layout, self.fileSystem, self.identity, .everything)
    try survey.run()
    return survey.inspection
  }

  /// Reads entries, from the first index on.
  ///
  /// May return fewer than asked for, but at least one; stops after about `byteLimit` bytes of
  /// payload.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.missing` if the first entry is purged, was
  ///   never there, or is in a file that cannot be read; `StorageError.Kind.corrupted` if its record
  ///   is damaged.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) throws(StorageError) -> [EntrySlice] {
    guard first <= last else { return [] }
    let spans = self.disk.spans(from: first, through: last)
    guard !spans.isEmpty else {
      let extent =
        self.log.entries.map { "the log holds entries \($0.lowerBound) to \($0.upperBound)" }
        ?? "the log holds no entry"
      let damage = self.log.damage.isEmpty ? "" : ", and some of its files are damaged"
      throw StorageError(.missing, "entry \(first) cannot be found: \(extent)\(damage)")
    }
    return try LogRead(first: first, last: last, byteLimit: byteLimit).readBack(spans)
  }

  /// Looks at the snapshots, in the order they were made, with unfinished ones.
  public func snapshots(
    _ depth: InspectionDepth = .summary
  ) throws(StorageError) -> [SnapshotInspection] {
    try SnapshotInspection.all(in: self.layout, self.fileSystem, depth)
  }

  /// Lets a node have the directory; a second call does nothing.
  ///
  /// The end of the last reference to the view does the same.
  public func close() {
    self.lock?.release()
  }

  /// Keeps nodes from starting meanwhile; a copy of a directory may be without its lock file.
  private static func claim(
    _ layout: FolderLayout, _ fileSystem: any FileSystem
  ) throws(StorageError) -> (any FileLock)? {
    do throws(FileError) {
      return try fileSystem.lockShared(layout.lock)
    } catch {
      switch error.code {
      case .notFound: return nil
      case .locked(let holder):
        let process = holder.map { "process \($0)" } ?? "another process"
        throw StorageError(
          .locked,
          "\(process) uses the store in \(layout.root), and what it writes meanwhile would look like "
            + "damage: stop it first, or look at a copy that was made while it did not run")
      default: throw StorageError(error)
      }
    }
  }

  /// Whose data it is; `nil` if the file that tells it is missing.
  private static func identity(
    in layout: FolderLayout, _ fileSystem: any FileSystem
  ) throws(StorageError) -> Result<FolderIdentity?, StorageError> {
    let identity: Result<FolderIdentity?, StorageError>
    do throws(StorageError) {
      identity = .success(try FolderIdentity.read(in: layout, fileSystem))
    } catch {
      guard error.kind == .corrupted else { throw error }
      identity = .failure(error)
    }
    let hasLog = try onDisk { () throws(FileError) in
      try fileSystem.status(of: layout.log)?.kind == .directory
    }
    switch identity {
    case .success(nil) where !hasLog:
      throw StorageError(
        .missing, "there is no file store in \(layout.root): correct the directory")
    case .success(let found?) where found.stage == .making:
      throw StorageError(
        .missing,
        "the store in \(layout.root) was never finished, and holds nothing: a start makes it anew")
    default: return identity
    }
  }
}
