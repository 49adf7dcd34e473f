#if RocksDB
internal import CRocksDB
internal import Raft
internal import RaftCodec
internal import RaftConcurrency
internal import RaftFiles

/// An open database of RocksDB, shared by the log, the snapshots and the machine of one node.
///
/// Any thread may use it; every call blocks for as long as the disk needs. A write that fails is
/// the last one: RocksDB tries by itself to go on after some failures, and nobody knows then what
/// became of the bytes before.
final class Database: Sendable {
  /// Whether a write is on the medium when it returns.
  enum Durability {
    /// It is, with everything that was written before it.
    case synced
    /// It may wait in the system's memory until a later write is synced.
    case buffered
  }

  private struct State {
    /// `nil` once the database is closed.
    var handles: DatabaseHandles?
    var userCount = 0
    var isClosing = false
    var failure: StorageError?
    /// The views that are held, by their numbers.
    var views: [UInt64: OpaquePointer] = [:]
    var nextView: UInt64 = 1
  }

  /// Whether there should be a database already.
  enum Condition {
    /// There is none, or one that was never finished: nothing in it was ever relied upon.
    case new
    /// There is one.
    case made
  }

  /// Where it lies.
  let directory: String
  private let state: Monitor<State>
  /// The number of the last synced write; who makes one keeps others from it.
  private let synced: Monitor<(file: SyncedCount, number: UInt64)>

  /// Opens the database in a directory, or makes it; blocks.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if RocksDB finds damage, or gives back less than
  ///   was synced.
  init(
    openedAt directory: String, _ condition: Condition, _ configuration: RocksDBStoreConfiguration
  ) throws(StorageError) {
    let (count, witnessed): (SyncedCount, UInt64)
    switch condition {
    case .new: (count, witnessed) = (try SyncedCount.make(in: directory), 0)
    case .made: (count, witnessed) = try SyncedCount.open(in: directory)
    }
    self.directory = directory
    self.synced = Monitor((count, witnessed))
    self.state = Monitor(
      State(handles: try DatabaseHandles(openedAt: directory, condition, configuration)))
    let found =
      try self.state(.synced) { (reader) throws(CodecError) in
        try reader.readUInt64("the number of synced writes")
      } ?? 0
    guard found >= witnessed else {
      throw .damaged(
        directory, "it holds \(found) of \(witnessed) synced writes: RocksDB dropped the last ones")
    }
    self.synced.withLock { $0.number = found }
  }

  deinit { self.close() }

  /// Closes the database once nobody uses it any more; blocks.
  ///
  /// A second call does nothing.
  func close() {
    self.state.withLock { $0.isClosing = true }
    let left = self.state.wait { state -> State? in
      guard state.userCount == 0 else { return nil }
      defer {
        state.handles = nil
        state.views = [:]
      }
      return state
    }
    guard let left, let handles = left.handles else { return }
    for view in left.views.values { rocksdb_release_snapshot(handles.database, view) }
    handles.release()
    self.synced.withLock { $0.file.close() }
  }

  // MARK: Writing

  /// The number of the last synced write.
  var syncedWriteCount: UInt64 { self.synced.withLock { $0.number } }

  /// Why nothing can be written any more; `nil` if it can.
  var failure: StorageError? { self.state.withLock { $0.failure } }

  /// Writes what the body puts together, as a whole or not at all.
  func write(
    _ durability: Durability, _ body: (inout WriteBatch) throws(StorageError) -> Void
  ) throws(StorageError) {
    try self.use { (handles) throws(StorageError) in
      if let failure = self.failure { throw failure.latched }
      do throws(StorageError) {
        var batch = WriteBatch(handles)
        try body(&batch)
        switch durability {
        case .buffered: try batch.write(.buffered)
        case .synced: try self.sync(&batch)
        }
      } catch {
        self.state.withLock { $0.failure = $0.failure ?? error }
        throw error
      }
    }
  }

  /// Writes and syncs a batch under the next number.
  private func sync(_ batch: inout WriteBatch) throws(StorageError) {
    try self.synced.withLock { (synced) throws(StorageError) in
      synced.number += 1
      let number = synced.number
      batch.put(.synced) { $0.write(number) }
      try batch.write(.synced)
      let file = synced.file
      try onDisk { () throws(FileError) in try file.note(number) }
    }
  }

  // MARK: Reading

  /// The value under a key, checked; `nil` if there is none.
  func value(
    of key: [UInt8], in table: Table, at view: View? = nil
  ) throws(StorageError) -> [UInt8]? {
    try self.read(at: view) { (handles, options) throws(StorageError) in
      let found = try rocks(in: self.directory) { message in
        rocksdb_get_pinned_cf(
          handles.database, options, handles[table], key, key.count, message)
      }
      guard let found else { return nil }
      defer { rocksdb_pinnableslice_destroy(found) }
      var count = 0
      let start = rocksdb_pinnableslice_value(found, &count)
      return try Row.value(
        in: UnsafeRawBufferPointer(start: start, count: count), under: key, of: table,
        self.directory)
    }
  }

  /// Walks through a table.
  func scan<Result>(
    _ table: Table, at view: View? = nil,
    _ body: (inout Cursor) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    try self.read(at: view) { (handles, options) throws(StorageError) in
      var cursor = Cursor(handles, table, options)
      return try body(&cursor)
    }
  }

  /// All tables as they are now, until the view is let go of.
  func makeView() throws(StorageError) -> View {
    try self.use { (handles) throws(StorageError) in
      let pointer = rocksdb_create_snapshot(handles.database)
      let number = self.state.withLock { state in
        defer { state.nextView += 1 }
        state.views[state.nextView] = pointer
        return state.nextView
      }
      return View(number, of: self)
    }
  }

  /// Lets go of what a view holds.
  fileprivate func release(view number: UInt64) {
    try? self.use { handles in
      guard let pointer = self.state.withLock({ $0.views.removeValue(forKey: number) }) else {
        return
      }
      rocksdb_release_snapshot(handles.database, pointer)
    }
  }

  private func read<Result>(
    at view: View?,
    _ body: (DatabaseHandles, OpaquePointer) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    try self.use { (handles) throws(StorageError) in
      guard let view else { return try body(handles, handles.reads) }
      guard let pointer = self.state.withLock({ $0.views[view.number] }),
        let options = rocksdb_readoptions_create()
      else { throw .storeClosed }
      defer { rocksdb_readoptions_destroy(options) }
      rocksdb_readoptions_set_snapshot(options, pointer)
      return try body(handles, options)
    }
  }

  /// Keeps the database open while the body uses it.
  private func use<Result>(
    _ body: (DatabaseHandles) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    let handles = self.state.withLock { state -> DatabaseHandles? in
      guard !state.isClosing else { return nil }
      state.userCount += 1
      return state.handles
    }
    guard let handles else { throw .storeClosed }
    defer {
      let isLast = self.state.withLock { state in
        state.userCount -= 1
        return state.isClosing && state.userCount == 0
      }
      if isLast { self.state.wake() }
    }
    return try body(handles)
  }
}

/// The tables of a database as they were at one moment.
///
/// What is written over meanwhile takes space for as long as the view is held.
final class View: Sendable {
  fileprivate let number: UInt64
  private let database: Database

  fileprivate init(_ number: UInt64, of database: Database) {
    self.number = number
    self.database = database
  }

  deinit { self.database.release(view: self.number) }
}
#endif
