#if RocksDB
internal import Raft
internal import RaftConcurrency

extension WorkerThread {
  /// Starts a thread; failures are told in the words of the stores.
  static func start(_ name: String) throws(StorageError) -> WorkerThread {
    do throws(ThreadRefusal) {
      return try WorkerThread(named: name)
    } catch {
      throw StorageError(.io, error.description)
    }
  }
}
#endif
