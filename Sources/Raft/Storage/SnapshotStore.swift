/// Where a node keeps snapshots of its state machine.
///
/// A snapshot becomes visible as a whole or not at all. Methods may be called while a snapshot
/// is being written or read.
public protocol SnapshotStore: AnyObject, Sendable {
  /// The newest complete snapshot; `nil` if there is none.
  func latest() async throws(StorageError) -> (any StoredSnapshot)?

  /// Begins to write a snapshot; nothing is visible until the writer commits it.
  ///
  /// Length and hash in `meta` are not known yet, or are those of the sender; the committed
  /// snapshot states those of what was written. The hash depends on the content alone.
  func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter
}

/// A complete snapshot in a store.
///
/// It stays readable for as long as somebody holds it, even if a newer one replaced it.
public protocol StoredSnapshot: Sendable {
  /// What the snapshot stands for, with its length and hash.
  var meta: SnapshotMeta { get }

  /// Reads the content from the start.
  func read() async throws(StorageError) -> any SnapshotReader
}

/// Takes the content of a snapshot, piece by piece.
public protocol SnapshotWriter: AnyObject, Sendable {
  /// Adds bytes to the content.
  func write(_ bytes: [UInt8]) async throws(StorageError)

  /// Makes the snapshot durable and the newest one of its store, atomically.
  ///
  /// If the store holds one that reaches further, that one stays the newest.
  func commit() async throws(StorageError) -> any StoredSnapshot

  /// Forgets what was written.
  func abandon() async
}

/// Gives the content of a snapshot, piece by piece.
public protocol SnapshotReader: AnyObject, Sendable {
  /// The next piece; `nil` at the end.
  ///
  /// - Throws: ``StorageError`` with kind ``StorageError/Kind/corrupted`` if the content is
  ///   damaged, and with kind ``StorageError/Kind/io`` if it breaks off.
  func next() async throws(StorageError) -> [UInt8]?
}
