/// What makes a node's storage unfit to lead by, although the node goes on.
///
/// A leader hands over to another node then; see ``Configuration/diskStallLimit`` and
/// ``LogStore/shortage``.
@nonexhaustive
public enum StorageTrouble: Hashable, Sendable {
  /// The disk hangs: since then the log store has had writes and reported none of them, for longer
  /// than ``Configuration/diskStallLimit``.
  case stalled(since: Timestamp)
  /// The disk is nearly full, and takes no entries; in the log store's words.
  case short(StorageError)
}

extension StorageTrouble: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .stalled(let since):
      "the log store reports no write since \(since): look at the disk, or replace the server"
    case .short(let error): error.message
    }
  }
}
