internal import Raft
import RaftCodec
import RaftConcurrency

/// Gathers the content of a snapshot in memory.
///
/// Small pieces are put together, large ones are kept as they come.
final class MemorySnapshotWriter: SnapshotWriter {
  private struct Draft: Sendable {
    var pieces: [[UInt8]] = []
    var byteCount: UInt64 = 0
    var hash = ContentHash()

    /// Puts bytes behind those that are there.
    mutating func add(_ bytes: [UInt8]) {
      guard !bytes.isEmpty else { return }
      self.byteCount += UInt64(bytes.count)
      self.hash.update(with: bytes)
      let last = self.pieces.count - 1
      if last >= 0, self.pieces[last].count + bytes.count <= Self.pieceSize {
        self.pieces[last].append(contentsOf: bytes)
      } else {
        self.pieces.append(bytes)
      }
    }

    /// Pieces are put together up to this many bytes.
    private static let pieceSize = 65_536
  }

  private let meta: SnapshotMeta
  private let store: MemorySnapshotStore
  /// What was written; `nil` once the snapshot is committed or abandoned.
  private let draft = Guarded<Draft?>(Draft())

  init(_ meta: SnapshotMeta, for store: MemorySnapshotStore) {
    self.meta = meta
    self.store = store
  }

  func write(_ bytes: [UInt8]) async throws(StorageError) {
    try self.draft.withLock { draft throws(StorageError) in
      guard draft != nil else { throw Self.ended }
      draft?.add(bytes)
    }
  }

  func commit() async throws(StorageError) -> any StoredSnapshot {
    let draft = try self.draft.withLock { draft throws(StorageError) in
      guard let written = draft else { throw Self.ended }
      draft = nil
      return written
    }
    var meta = self.meta
    meta.byteCount = draft.byteCount
    meta.contentHash = draft.hash.value
    try meta.requireContent(announcedBy: self.meta)
    let snapshot = MemorySnapshot(meta: meta, pieces: draft.pieces)
    self.store.keep(snapshot)
    return snapshot
  }

  func abandon() async {
    self.draft.withLock { $0 = nil }
  }

  private static let ended = StorageError(
    .closed, "the snapshot is committed or abandoned already: begin another one")
}
