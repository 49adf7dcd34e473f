/// Where a node keeps snapshots of its state machine.
///
/// A snapshot becomes visible as a whole or not at all. Methods are called from any task, also while
/// snapshots are being written and read.
public protocol SnapshotStore: AnyObject, Sendable {
  /// The newest complete snapshot; `nil` if there is none.
  ///
  /// - Throws: ``StorageError``; a node that starts stops with it, one that wants to send the snapshot
  ///   tries again.
  func latest() async throws(StorageError) -> (any StoredSnapshot)?

  /// Begins to write a snapshot; nothing is visible until the writer commits it.
  ///
  /// Length and hash in `meta` are not known yet, and 0, or are those of the sender; the committed
  /// snapshot states those of what was written. The hash depends on the content alone.
  ///
  /// - Throws: ``StorageError``; no snapshot comes of it, and the node goes on.
  func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter

  /// Takes a snapshot out of use whose content turned out to be damaged.
  ///
  /// From then on ``latest()`` is the one before it, if the store keeps several. A node that cannot
  /// start from its newest snapshot starts from that one, if its log is not purged beyond it.
  func setAside(_ snapshot: any StoredSnapshot) async
}

extension SnapshotStore {
  /// Does nothing, for stores that keep one snapshot.
  public func setAside(_ snapshot: any StoredSnapshot) async {}
}

/// A complete snapshot in a store.
///
/// It stays readable for as long as somebody holds it, even if a newer one replaced it.
public protocol StoredSnapshot: Sendable {
  /// What the snapshot stands for, with its length and hash.
  var meta: SnapshotMeta { get }

  /// Reads the content from the start; each reader goes through it for itself.
  ///
  /// - Throws: ``StorageError``.
  func read() async throws(StorageError) -> any SnapshotReader
}

/// Takes the content of a snapshot, piece by piece.
public protocol SnapshotWriter: AnyObject, Sendable {
  /// Adds bytes to the content.
  ///
  /// - Throws: ``StorageError``; the snapshot is abandoned, and the node goes on.
  func write(_ bytes: [UInt8]) async throws(StorageError)

  /// Makes the snapshot durable and the newest one of its store, atomically.
  ///
  /// If the store holds one that reaches further, that one stays the newest. Nothing becomes
  /// visible unless the content is the one that was announced: see
  /// `SnapshotMeta.requireContent(announcedBy:)`.
  ///
  /// - Throws: `StorageError` of the kind `corrupted` for other content than
  ///   was announced.
  func commit() async throws(StorageError) -> any StoredSnapshot

  /// Forgets what was written.
  func abandon() async
}

/// Gives the content of a snapshot, piece by piece.
public protocol SnapshotReader: AnyObject, Sendable {
  /// The next piece; `nil` at the end.
  ///
  /// - Throws: `StorageError` of the kind `corrupted` if the content is
  ///   damaged, and with kind ``StorageError/Kind/io`` if it breaks off.
  func next() async throws(StorageError) -> [UInt8]?
}

extension SnapshotMeta {
  /// Checks that this content is the one that a sender announced, if it announced any: that length
  /// and hash are the same.
  ///
  /// For snapshot stores, which know both when a writer commits.
  ///
  /// - Throws: `StorageError` of the kind `corrupted`.
  public func requireContent(announcedBy announced: SnapshotMeta) throws(StorageError) {
    guard announced.contentHash != 0 else { return }
    guard self.byteCount == announced.byteCount, self.contentHash == announced.contentHash else {
      throw StorageError(
        .corrupted,
        """
        the snapshot at \(announced.lastLogID) has \(self.byteCount) bytes with hash \
        \(self.contentHash), \(announced.byteCount) bytes with hash \(announced.contentHash) were \
        announced: it was changed on the way, or is damaged where it comes from; it is sent again
        """)
    }
  }
}
