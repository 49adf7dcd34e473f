internal import RaftFiles

/// Where the parts of a file store lie in its directory.
///
/// ```
/// LOCK                             held by the process that has the store open
/// IDENTITY                         whose data this is
/// RESERVE                          space for the time when the disk is full
/// log/00000000000000000001.log     segments of the write-ahead log, by number
/// log/00000000000000000001.spare   a former segment, to be written over
/// snapshots/…0001.snapshot         complete snapshots, in the order they were made
/// ```
/// A name that ends in ".new" is that of an unfinished file; it is removed at the next start. The
/// log and the snapshots have directories of their own because a failed sync of a directory
/// strands everything that was not yet synced in it.
struct FolderLayout: Sendable {
  /// The store's directory.
  let root: String

  /// The lock file.
  var lock: String { FilePath.joining(self.root, "LOCK") }
  /// The identity file.
  var identity: String { FilePath.joining(self.root, "IDENTITY") }
  /// The file that takes space for the time when the disk is full.
  var reserve: String { FilePath.joining(self.root, "RESERVE") }
  /// The directory of the log.
  var log: String { FilePath.joining(self.root, "log") }
  /// The directory of the snapshots.
  var snapshots: String { FilePath.joining(self.root, "snapshots") }

  /// The path of a segment of the log.
  func segment(_ number: UInt64) -> String {
    FilePath.joining(self.log, Self.digits(number) + ".log")
  }

  /// The path of a spare that was the segment of this number.
  func spare(_ number: UInt64) -> String {
    FilePath.joining(self.log, Self.digits(number) + ".spare")
  }

  /// The path of a snapshot.
  func snapshot(_ number: UInt64) -> String {
    FilePath.joining(self.snapshots, Self.digits(number) + ".snapshot")
  }

  /// The path under which a file is written before it gets its name.
  static func unfinished(_ path: String) -> String {
    path + ".new"
  }

  /// Whether this is the name of an unfinished file.
  static func isUnfinished(_ name: String) -> Bool {
    name.hasSuffix(".new")
  }

  /// Whether this is the name of a spare.
  static func isSpare(_ name: String) -> Bool {
    self.number(name, suffix: ".spare") != nil
  }

  /// The number of the segment that has this name; `nil` if it is none.
  static func segmentNumber(_ name: String) -> UInt64? {
    self.number(name, suffix: ".log")
  }

  /// The number of the snapshot that has this name; `nil` if it is none.
  static func snapshotNumber(_ name: String) -> UInt64? {
    self.number(name, suffix: ".snapshot")
  }

  private static func digits(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  private static func number(_ name: String, suffix: String) -> UInt64? {
    guard name.hasSuffix(suffix), let number = UInt64(name.dropLast(suffix.count)),
      name == self.digits(number) + suffix
    else { return nil }
    return number
  }
}
