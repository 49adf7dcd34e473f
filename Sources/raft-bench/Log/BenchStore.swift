import Raft
import RaftFileStore
import RaftFiles

#if RocksDB
import RaftRocksDBStore
#endif

/// An open store under measurement.
struct BenchStore: Sendable {
  let log: any LogStore
  /// How many syncs there were so far.
  let syncCount: @Sendable () -> Int
  /// How many bytes were written to files, and read from them, so far; `nil` if nobody knows.
  let bytes: @Sendable () -> (written: Int, read: Int)?

  /// Opens the store that was asked for, or makes it.
  static func open(
    _ kind: LogOptions.Store, in directory: String
  ) async throws -> (store: BenchStore, loaded: StoredLog) {
    let store = try await self.opened(kind, in: directory)
    return (store, try await store.log.load())
  }

  private static func opened(
    _ kind: LogOptions.Store, in directory: String
  ) async throws -> BenchStore {
    #if RocksDB
    if kind == .rocksdb {
      let store = try await RocksDBStore.open(directory: directory, node: 1)
      return BenchStore(
        log: store.log, syncCount: { Int(store.syncedWriteCount) }, bytes: { nil })
    }
    #endif
    let disk = CountedFileSystem()
    let store = try await FileStore.open(directory: directory, node: 1, fileSystem: disk)
    return BenchStore(
      log: store.log, syncCount: { disk.syncs }, bytes: { (disk.written, disk.read) })
  }
}
