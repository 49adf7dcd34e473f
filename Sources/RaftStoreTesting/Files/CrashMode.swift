/// What a simulated crash leaves of the work that no sync has made durable.
///
/// What was synced stays in every mode. A seed decides all of a mode's chances, so the same seed
/// on the same disk leaves the same bytes.
public enum CrashMode: Hashable, Sendable {
  /// Nothing of it: every unsynced write, size change, and directory entry is lost.
  case dropUnsynced
  /// Each unsynced write is kept, lost, or cut after some byte, independently of the others;
  /// of each directory's unsynced changes a prefix is kept.
  case torn(seed: UInt64)
  /// Each 4 KiB page of each unsynced write is kept or lost by itself, so that the end of a write
  /// may be there without its beginning; of each directory's unsynced changes a prefix is kept.
  case scattered(seed: UInt64)
  /// Of each file's and each directory's unsynced changes a beginning is kept, and of the first
  /// write that is not, some first bytes.
  case prefix(seed: UInt64)
  /// Each 512-byte sector of each unsynced write is kept, lost, or torn: then its first bytes are
  /// new and the others are as before. Of each directory's unsynced changes a prefix is kept.
  case sectors(seed: UInt64)
  /// All of it: the process died, the machine did not. It is still not durable.
  case keepAll

  var chance: DiskChance {
    switch self {
    case .torn(let seed), .scattered(let seed), .prefix(let seed), .sectors(let seed):
      DiskChance(seed: seed)
    case .dropUnsynced, .keepAll: DiskChance(seed: 0)
    }
  }
}
