#if RocksDB
internal import CRocksDB
internal import Raft

/// A way through the rows of a table, in the order of their keys.
struct Cursor: ~Copyable {
  private let iterator: OpaquePointer
  private let table: Table
  private let directory: String

  /// A cursor that stands nowhere yet.
  init(_ handles: DatabaseHandles, _ table: Table, _ options: OpaquePointer) {
    guard
      let iterator = rocksdb_create_iterator_cf(handles.database, options, handles[table])
    else { preconditionFailure("RocksDB made no iterator") }
    self.iterator = iterator
    self.table = table
    self.directory = handles.directory
  }

  deinit { rocksdb_iter_destroy(self.iterator) }

  /// Goes to the first row whose key is this one or behind it; whether there is one.
  mutating func seek(to key: [UInt8]) throws(StorageError) -> Bool {
    rocksdb_iter_seek(self.iterator, key, key.count)
    return try self.isAtRow()
  }

  /// Goes to the first row; whether there is one.
  mutating func seekToFirst() throws(StorageError) -> Bool {
    rocksdb_iter_seek_to_first(self.iterator)
    return try self.isAtRow()
  }

  /// Goes to the last row; whether there is one.
  mutating func seekToLast() throws(StorageError) -> Bool {
    rocksdb_iter_seek_to_last(self.iterator)
    return try self.isAtRow()
  }

  /// Goes one row on; whether there is one.
  mutating func advance() throws(StorageError) -> Bool {
    rocksdb_iter_next(self.iterator)
    return try self.isAtRow()
  }

  /// The key of the row.
  var key: [UInt8] {
    var count = 0
    let start = rocksdb_iter_key(self.iterator, &count)
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The value of the row, checked.
  func value() throws(StorageError) -> [UInt8] {
    var count = 0
    let start = rocksdb_iter_value(self.iterator, &count)
    return try Row.value(
      in: UnsafeRawBufferPointer(start: start, count: count), under: self.key, of: self.table,
      self.directory)
  }

  private func isAtRow() throws(StorageError) -> Bool {
    guard rocksdb_iter_valid(self.iterator) == 0 else { return true }
    try rocks(in: self.directory) { message in
      rocksdb_iter_get_error(self.iterator, message)
    }
    return false
  }
}
#endif
