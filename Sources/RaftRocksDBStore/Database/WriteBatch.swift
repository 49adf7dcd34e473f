#if RocksDB
internal import CRocksDB
internal import Raft

/// Changes of a database that are written together.
struct WriteBatch: ~Copyable {
  private let batch: OpaquePointer
  private let handles: DatabaseHandles

  /// No changes yet.
  init(_ handles: DatabaseHandles) {
    guard let batch = rocksdb_writebatch_create() else {
      preconditionFailure("RocksDB made no batch")
    }
    self.batch = batch
    self.handles = handles
  }

  deinit { rocksdb_writebatch_destroy(self.batch) }

  /// About how many bytes the changes have.
  var byteCount: Int {
    var count = 0
    _ = rocksdb_writebatch_data(self.batch, &count)
    return count
  }

  /// Puts a value under a key, in place of the one there.
  mutating func put(_ value: [UInt8], under key: [UInt8], in table: Table) {
    let row = Row.framed(value, under: key)
    rocksdb_writebatch_put_cf(
      self.batch, self.handles[table], key, key.count, row, row.count)
  }

  /// Removes a key.
  mutating func remove(_ key: [UInt8], from table: Table) {
    rocksdb_writebatch_delete_cf(self.batch, self.handles[table], key, key.count)
  }

  /// Removes all keys from the first on, up to the last one, which stays.
  ///
  /// - Precondition: the first one is not behind the last one.
  mutating func remove(from first: [UInt8], upTo last: [UInt8], in table: Table) {
    rocksdb_writebatch_delete_range_cf(
      self.batch, self.handles[table], first, first.count, last,
      last.count)
  }

  /// Writes the changes, and begins anew without any.
  mutating func write(_ durability: Database.Durability) throws(StorageError) {
    let options =
      durability == .synced ? self.handles.syncedWrites : self.handles.bufferedWrites
    try rocks(in: self.handles.directory) { message in
      rocksdb_write(self.handles.database, options, self.batch, message)
    }
    rocksdb_writebatch_clear(self.batch)
  }
}
#endif
