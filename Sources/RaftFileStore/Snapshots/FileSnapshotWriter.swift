internal import Raft
internal import RaftConcurrency

/// Writes a snapshot into a file of its own.
///
/// Small pieces are gathered in memory; a whole one is written by the store's thread while the
/// caller waits.
final class FileSnapshotWriter: SnapshotWriter {
  private let store: FileSnapshotStore
  private let thread: DiskThread
  /// What was written; `nil` once the snapshot is committed, abandoned or failed.
  private let draft: Monitor<SnapshotDraft?>

  init(_ draft: SnapshotDraft, for store: FileSnapshotStore, thread: DiskThread) {
    self.store = store
    self.thread = thread
    self.draft = Monitor(draft)
  }

  deinit {
    // Whoever lets go of a writer has abandoned it.
    guard let draft = self.draft.withLock({ $0 }) else { return }
    _ = self.thread.submit { draft.remove() }
  }

  func write(_ bytes: [UInt8]) async throws(StorageError) {
    let isFull = try self.draft.withLock { (draft) throws(StorageError) in
      guard draft != nil else { throw Self.ended }
      draft?.add(bytes)
      return draft?.isFull ?? false
    }
    guard isFull else { return }
    try await self.onThread { (draft) throws(StorageError) in try draft.writePieces() }
  }

  func commit() async throws(StorageError) -> any StoredSnapshot {
    let (store, draft) = (self.store, self.draft)
    let snapshot = try await self.onThread { (draft) throws(StorageError) in
      try store.keep(&draft)
    }
    draft.withLock { $0 = nil }
    return snapshot
  }

  func abandon() async {
    let draft = self.draft.withLock { draft in
      defer { draft = nil }
      return draft
    }
    guard let draft else { return }
    _ = try? await self.thread.run { draft.remove() }
  }

  /// Lets the store's thread work on the draft, which is given up if that fails.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable (inout SnapshotDraft) throws(StorageError) -> Value
  ) async throws(StorageError) -> Value {
    let draft = self.draft
    return try await self.thread.run { () throws(StorageError) in
      try draft.withLock { (draft) throws(StorageError) in
        guard var open = draft else { throw Self.ended }
        // Held by one variable alone, its buffers are not copied.
        draft = nil
        do throws(StorageError) {
          let value = try body(&open)
          draft = open
          return value
        } catch {
          open.remove()
          throw error
        }
      }
    }
  }

  private static let ended = StorageError(
    .closed, "the snapshot is committed, abandoned or failed: begin another one")
}
