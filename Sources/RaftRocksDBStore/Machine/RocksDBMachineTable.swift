#if RocksDB
public import Raft
internal import RaftCodec
internal import RaftConcurrency

/// The rows in which a state machine keeps its state on the disk, and how far that reaches.
///
/// ```swift
/// struct KeptMap: StateMachine {
///   let table: RocksDBMachineTable
///
///   func recover() throws -> LogID? { try self.table.recover() }
///
///   func apply(_ command: [UInt8], in context: ApplyContext) throws -> [UInt8]? {
///     let key = Array(command.prefix(8))
///     let before = try self.table.value(of: key)
///     try self.table.apply([.put(command, under: key)], at: context.logID)
///     return before
///   }
///
///   func freeze() throws -> any FrozenState { try self.table.freeze() }
///
///   func restore(from meta: SnapshotMeta, reading content: any SnapshotReader) async throws {
///     try await self.table.restore(from: meta, reading: content)
///   }
/// }
/// ```
///
/// The effect of a command and its position are one write, so a command is never applied twice. That
/// write is not synced by itself: after a power cut the table may be a little older than it was, and
/// the node applies again what it lacks. The node knows the membership from its log and snapshots;
/// a machine need not keep it.
///
/// Calls block for as long as RocksDB needs, mostly microseconds. One at a time may change the
/// table; any number may read beside it.
public final class RocksDBMachineTable: Sendable {
  private let database: Database
  private let thread: WorkerThread

  init(_ database: Database, thread: WorkerThread) {
    self.database = database
    self.thread = thread
  }

  /// The position of the last command whose effect the table holds; `nil` if it holds nothing.
  ///
  /// For `StateMachine.recover()`. Rows that an interrupted ``restore(from:reading:)`` left without a
  /// position are removed.
  ///
  /// - Throws: `StorageError` if the position cannot be read.
  public func recover() throws(StorageError) -> LogID? {
    if let position = try self.position() { return position }
    try self.clear()
    return nil
  }

  /// The value under a key; `nil` if there is none.
  ///
  /// - Throws: `StorageError`, of kind `corrupted` if the row is damaged.
  public func value(of key: [UInt8]) throws(StorageError) -> [UInt8]? {
    try self.database.value(of: MachineKey.row(key), in: .machine)
  }

  /// Makes the changes of the command at this position, all of them or none, and notes the position
  /// with them.
  ///
  /// - Throws: `StorageError`; then the store accepts nothing more.
  public func apply(_ changes: [RowChange], at position: LogID) throws(StorageError) {
    try self.database.write(.buffered) { rows in
      rows.change(changes)
      var writer = ByteWriter()
      writer.write(position)
      rows.put(writer.takeBytes(), under: MachineKey.position, in: .machine)
    }
  }

  /// The table as it is now, for a snapshot; it stays so while the table changes.
  ///
  /// - Throws: `StorageError` of kind `closed` if the store is closed.
  public func freeze() throws(StorageError) -> RocksDBFrozenTable {
    RocksDBFrozenTable(
      try self.database.makeView(), of: self.database, thread: self.thread)
  }

  // MARK: Restoring

  /// Replaces the table by what ``RocksDBFrozenTable/write(to:)`` wrote.
  ///
  /// A crash in the midst of it leaves a table that holds nothing, for ``recover()``.
  ///
  /// - Throws: `StorageError`, of kind `corrupted` if the content has another form.
  public func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws(StorageError) {
    var rows = FrozenRows()
    try self.clear()
    while let piece = try await content.next() {
      try self.fill(rows.take(piece))
    }
    try rows.expectEnd()
    try self.apply([], at: snapshot.lastLogID)
  }

  /// Removes all rows and the position, in one step.
  ///
  /// For machines whose snapshots have a form of their own: clear the table, ``fill(_:)`` it, and
  /// conclude with ``apply(_:at:)`` at the snapshot's position.
  public func clear() throws(StorageError) {
    try self.database.write(.buffered) { rows in
      rows.remove(from: MachineKey.position, upTo: MachineKey.end, in: .machine)
    }
  }

  /// Adds rows to a table that was cleared, without a position: a crash leaves a table that holds
  /// nothing.
  ///
  /// - Precondition: the table has no position.
  public func fill(_ rows: [MachineRow]) throws(StorageError) {
    guard !rows.isEmpty else { return }
    if let position = try self.position() {
      preconditionFailure("rows are filled into a table that stands at \(position)")
    }
    try self.database.write(.buffered) { batch in
      for row in rows { batch.put(row.value, under: MachineKey.row(row.key), in: .machine) }
    }
  }

  private func position() throws(StorageError) -> LogID? {
    guard let bytes = try self.database.value(of: MachineKey.position, in: .machine) else {
      return nil
    }
    return try self.database.decode(bytes, "the machine's position") {
      (reader) throws(CodecError) in try reader.readLogID()
    }
  }
}

extension WriteBatch {
  /// Makes changes of the machine's table.
  fileprivate mutating func change(_ changes: [RowChange]) {
    for change in changes {
      switch change {
      case .put(let value, let key):
        self.put(value, under: MachineKey.row(key), in: .machine)
      case .remove(let key): self.remove(MachineKey.row(key), from: .machine)
      }
    }
  }
}
#endif
