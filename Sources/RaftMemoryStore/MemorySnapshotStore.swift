public import Raft
import RaftConcurrency

/// Snapshots in memory, gone with the process.
///
/// The newest complete snapshot is kept; an earlier one lives on for as long as somebody holds
/// it. All methods may be called from any thread, and any number of snapshots may be written and
/// read at the same time.
public final class MemorySnapshotStore: SnapshotStore {
  private let newest = Guarded<MemorySnapshot?>(nil)

  /// A store without a snapshot.
  public init() {}

  /// The newest complete snapshot; `nil` if there is none.
  public func latest() async throws(StorageError) -> (any StoredSnapshot)? {
    self.newest.withLock { $0 }
  }

  /// Begins to write a snapshot; its length and hash are counted from what is written.
  public func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter {
    MemorySnapshotWriter(meta, for: self)
  }

  /// Makes this the newest snapshot, unless the one there reaches further.
  func keep(_ snapshot: MemorySnapshot) {
    self.newest.withLock { newest in
      if let newest, newest.meta.lastLogID > snapshot.meta.lastLogID { return }
      newest = snapshot
    }
  }
}

/// A complete snapshot in memory.
struct MemorySnapshot: StoredSnapshot {
  let meta: SnapshotMeta
  let pieces: [[UInt8]]

  func read() async throws(StorageError) -> any SnapshotReader {
    MemorySnapshotReader(self.pieces)
  }
}

/// Gives the pieces of a snapshot in memory; none of them is empty.
final class MemorySnapshotReader: SnapshotReader {
  private let rest: Guarded<ArraySlice<[UInt8]>>

  init(_ pieces: [[UInt8]]) {
    self.rest = Guarded(pieces[...])
  }

  func next() async throws(StorageError) -> [UInt8]? {
    self.rest.withLock { $0.popFirst() }
  }
}
