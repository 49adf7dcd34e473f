public import Raft
internal import RaftCodec
internal import RaftConcurrency
internal import RaftFiles

/// The snapshots of a ``FileStore``: one checksummed file each, the newest few of them.
///
/// A snapshot is written under another name and gets its own when it is synced, so it is there as
/// a whole or not at all. Earlier ones are removed only when a newer one is durable; who holds one
/// of them can go on reading it. What a crash left of an unfinished one is removed at the opening.
///
/// All methods may be called from any thread; they suspend while a thread of the store's own uses
/// the disk.
public final class FileSnapshotStore: SnapshotStore {
  private let folder: Folder
  private let shelf: Monitor<SnapshotShelf>
  private let snapshotCount: Int

  init(_ folder: Folder, shelf: Monitor<SnapshotShelf>, snapshotCount: Int) {
    self.folder = folder
    self.shelf = shelf
    self.snapshotCount = snapshotCount
  }

  /// The newest complete snapshot; `nil` if there is none.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if there are snapshots,
  ///   and the description of every one is damaged.
  public func latest() async throws(StorageError) -> (any StoredSnapshot)? {
    try self.shelf.withLock { (shelf) throws(StorageError) in
      if let newest = shelf.newest { return newest }
      if let damage = shelf.damage { throw damage }
      return nil
    }
  }

  /// Begins to write a snapshot.
  public func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter {
    let path = self.folder.layout.snapshot(self.shelf.withLock { $0.takeNumber() })
    let folder = self.folder
    let draft = try await folder.thread.run { () throws(StorageError) in
      try SnapshotDraft(meta, path: path, fileSystem: folder.fileSystem)
    }
    return FileSnapshotWriter(draft, for: self, thread: folder.thread)
  }

  /// Takes a damaged snapshot out of use; its file stays as evidence, until there are enough others.
  public func setAside(_ snapshot: any StoredSnapshot) async {
    guard let snapshot = snapshot as? FileSnapshot else { return }
    self.shelf.withLock { $0.setAside(snapshot) }
  }

  /// Finds the snapshots, and removes what is left of unfinished and superseded ones.
  func prepare() async throws(StorageError) {
    let (folder, shelf, count) = (self.folder, self.shelf, self.snapshotCount)
    try await folder.thread.run { () throws(StorageError) in
      let found = try SnapshotShelf(in: folder)
      let superseded = shelf.withLock { shelf in
        shelf = found
        return shelf.retire(keeping: count)
      }
      Self.remove(superseded, from: folder)
    }
  }

  /// Ends a draft and makes it a snapshot of the store; blocks.
  func keep(_ draft: inout SnapshotDraft) throws(StorageError) -> FileSnapshot {
    let folder = self.folder
    let meta = try draft.finish()
    let file = try draft.publish(in: folder.layout.snapshots)
    let snapshot = FileSnapshot(meta, file: file, path: draft.path, thread: folder.thread)
    let superseded = self.shelf.withLock { shelf in
      shelf.add(snapshot)
      return shelf.retire(keeping: self.snapshotCount)
    }
    Self.remove(superseded, from: folder)
    return snapshot
  }

  /// Removes files that nobody needs; one that stays is removed at the next opening.
  private static func remove(_ paths: [String], from folder: Folder) {
    for path in paths { try? folder.fileSystem.remove(path) }
  }
}
