#if RocksDB
internal import CRocksDB
import Glibc
internal import Raft

/// What RocksDB knows an open database by.
///
/// RocksDB lets any number of threads use these at the same time, until they are released.
struct DatabaseHandles: @unchecked Sendable {
  let directory: String
  let database: OpaquePointer
  let reads: OpaquePointer
  let syncedWrites: OpaquePointer
  let bufferedWrites: OpaquePointer
  private let tables: [OpaquePointer]
  private let options: [OpaquePointer]

  /// Opens the database in a directory, or makes it.
  init(
    openedAt directory: String, _ condition: Database.Condition,
    _ configuration: RocksDBStoreConfiguration
  ) throws(StorageError) {
    let general = Self.generalOptions(condition, configuration)
    let cache = rocksdb_cache_create_lru(configuration.cacheSize)
    defer { rocksdb_cache_destroy(cache) }
    let perTable = Table.allCases.map { Self.options(of: $0, configuration, cache) }
    let options = [general] + perTable
    let names = Table.allCases.map { strdup($0.name) }
    defer { for name in names { free(name) } }
    var tables = [OpaquePointer?](repeating: nil, count: names.count)
    let opened: OpaquePointer?
    do throws(StorageError) {
      opened = try rocks(in: directory) { message in
        rocksdb_open_column_families(
          general, directory, Int32(names.count), names.map { UnsafePointer($0) },
          perTable.map { Optional($0) }, &tables, message)
      }
    } catch {
      for option in options { rocksdb_options_destroy(option) }
      throw error
    }
    guard let opened else { preconditionFailure("RocksDB opened \(directory) as nothing") }
    self.directory = directory
    self.database = opened
    self.tables = tables.compactMap { $0 }
    self.options = options
    self.reads = rocksdb_readoptions_create()
    self.syncedWrites = rocksdb_writeoptions_create()
    rocksdb_writeoptions_set_sync(self.syncedWrites, 1)
    self.bufferedWrites = rocksdb_writeoptions_create()
  }

  /// The handle of a table.
  subscript(table: Table) -> OpaquePointer { self.tables[table.rawValue] }

  /// Closes the database; blocks until what goes on in the background has ended.
  func release() {
    for table in self.tables { rocksdb_column_family_handle_destroy(table) }
    rocksdb_readoptions_destroy(self.reads)
    rocksdb_writeoptions_destroy(self.syncedWrites)
    rocksdb_writeoptions_destroy(self.bufferedWrites)
    rocksdb_close(self.database)
    for option in self.options { rocksdb_options_destroy(option) }
  }

  private static func generalOptions(
    _ condition: Database.Condition, _ configuration: RocksDBStoreConfiguration
  ) -> OpaquePointer {
    let options = Self.emptyOptions()
    // A table that is made again in place of a lost one would be empty.
    rocksdb_options_set_create_if_missing(options, condition == .new ? 1 : 0)
    rocksdb_options_set_create_missing_column_families(options, condition == .new ? 1 : 0)
    rocksdb_options_set_paranoid_checks(options, 1)
    // What was written together comes into the sorted files together, too.
    rocksdb_options_set_atomic_flush(options, 1)
    // Only an unfinished write at the end of RocksDB's own log may be missing: everything else was
    // reported, and must not be dropped as the default mode would.
    rocksdb_options_set_wal_recovery_mode(
      options, Int32(rocksdb_tolerate_corrupted_tail_records_recovery))
    // A start reads no more than this again.
    rocksdb_options_set_max_total_wal_size(options, UInt64(2 * configuration.writeBufferSize))
    rocksdb_options_set_info_log_level(options, Self.warnings)
    rocksdb_options_set_keep_log_file_num(options, 4)
    rocksdb_options_set_stats_dump_period_sec(options, 0)
    return options
  }

  private static let warnings: Int32 = 2

  private static func options(
    of table: Table, _ configuration: RocksDBStoreConfiguration, _ cache: OpaquePointer?
  ) -> OpaquePointer {
    let options = Self.emptyOptions()
    let blocks = rocksdb_block_based_options_create()
    defer { rocksdb_block_based_options_destroy(blocks) }
    rocksdb_block_based_options_set_block_cache(blocks, cache)
    if table == .machine {
      // The options own the filter.
      rocksdb_block_based_options_set_filter_policy(
        blocks, rocksdb_filterpolicy_create_bloom_full(10))
    }
    rocksdb_options_set_block_based_table_factory(options, blocks)
    rocksdb_options_set_write_buffer_size(options, configuration.writeBufferSize)
    if table != .machine {
      // Commands may be anything, and do not stay for long.
      rocksdb_options_set_compression(options, Int32(rocksdb_no_compression))
    }
    return options
  }

  private static func emptyOptions() -> OpaquePointer {
    guard let options = rocksdb_options_create() else {
      preconditionFailure("RocksDB made no options")
    }
    return options
  }
}
#endif
