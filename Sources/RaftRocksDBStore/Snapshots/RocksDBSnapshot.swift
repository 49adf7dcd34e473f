#if RocksDB
internal import Raft
internal import RaftCodec
internal import RaftConcurrency

/// A complete snapshot in the database.
///
/// Its rows stay until it is superseded and nobody holds it any more.
final class RocksDBSnapshot: StoredSnapshot {
  let meta: SnapshotMeta
  let number: UInt64
  private let pieceCount: UInt64
  private let database: Database
  private let thread: WorkerThread
  private let isSuperseded = Guarded(false)

  init(
    _ description: SnapshotDescriptionRow, number: UInt64, in database: Database,
    thread: WorkerThread
  ) {
    self.meta = description.meta
    self.number = number
    self.pieceCount = description.pieceCount
    self.database = database
    self.thread = thread
  }

  deinit {
    guard self.isSuperseded.withLock({ $0 }) else { return }
    let (database, number) = (self.database, self.number)
    // What stays is removed at the next opening.
    _ = self.thread.submit { try? database.write(.buffered) { $0.removeSnapshot(number) } }
  }

  /// Nobody who asks the store gets the snapshot from now on.
  func supersede() {
    self.isSuperseded.withLock { $0 = true }
  }

  func read() async throws(StorageError) -> any SnapshotReader { Reader(self) }

  /// Gives the content, each piece checked, and the whole at the end.
  private final class Reader: SnapshotReader {
    private struct Progress: Sendable {
      var next: UInt64 = 0
      var byteCount: UInt64 = 0
      var hash = ContentHash()
    }

    private let snapshot: RocksDBSnapshot
    private let progress = Monitor(Progress())

    init(_ snapshot: RocksDBSnapshot) {
      self.snapshot = snapshot
    }

    func next() async throws(StorageError) -> [UInt8]? {
      let (snapshot, progress) = (self.snapshot, self.progress)
      return try await snapshot.thread.run(orThrow: .storeClosed) { () throws(StorageError) in
        try progress.withLock { (progress) throws(StorageError) in
          try Self.next(of: snapshot, &progress)
        }
      }
    }

    private static func next(
      of snapshot: RocksDBSnapshot, _ progress: inout Progress
    ) throws(StorageError) -> [UInt8]? {
      let meta = snapshot.meta
      guard progress.next < snapshot.pieceCount else {
        guard progress.byteCount == meta.byteCount, progress.hash.value == meta.contentHash else {
          throw .damaged(
            snapshot.database.directory,
            "the snapshot at \(meta.lastLogID) has \(progress.byteCount) bytes with hash "
              + "\(progress.hash.value), and should have \(meta.byteCount) with \(meta.contentHash)"
          )
        }
        return nil
      }
      let key = SnapshotRow.piece(progress.next, of: snapshot.number)
      guard let piece = try snapshot.database.value(of: key, in: .snapshots) else {
        throw .damaged(
          snapshot.database.directory,
          "piece \(progress.next) of the snapshot at \(meta.lastLogID) is missing")
      }
      progress.next += 1
      progress.byteCount += UInt64(piece.count)
      progress.hash.update(with: piece)
      return piece
    }
  }
}
#endif
