internal import Raft
internal import RaftConcurrency

/// A thread for the calls that block on a disk.
typealias DiskThread = WorkerThread

extension WorkerThread {
  /// Starts a thread; failures are told in the words of the stores.
  convenience init(
    name: String, whenIdle: (after: Duration, job: Job)? = nil
  ) throws(StorageError) {
    do throws(ThreadRefusal) {
      try self.init(named: name, whenIdle: whenIdle)
    } catch {
      throw StorageError(.io, error.description)
    }
  }

  /// Runs the body on the thread and waits for its result without blocking the caller's thread.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StorageError) -> Value
  ) async throws(StorageError) -> Value {
    try await self.run(orThrow: .storeClosed, body)
  }
}
