#if RocksDB
import CRocksDB
import RaftConcurrency
import Synchronization

/// RocksDB as a program without this library would use it: threads that each put one value, synced,
/// and then the next; RocksDB itself puts together what arrives at the same time.
///
/// All options are RocksDB's defaults.
final class RocksDBAlone: Sendable {
  /// What RocksDB knows its objects by; it lets any number of threads use them.
  private struct Handles: @unchecked Sendable {
    let database: OpaquePointer
    let options: OpaquePointer
    let writes: OpaquePointer
  }

  private let handles: Handles
  private let threads: [WorkerThread]
  private let value: [UInt8]
  private let next = Atomic<UInt64>(0)

  /// Makes a database, and a thread for each writer.
  init(in directory: String, _ options: LogOptions) throws {
    self.value = [UInt8](repeating: UInt8(ascii: "x"), count: options.entryBytes)
    self.threads = try (0..<options.writers).map { try WorkerThread(named: "writer-\($0)") }
    guard let settings = rocksdb_options_create(), let writes = rocksdb_writeoptions_create() else {
      throw BenchFailure("RocksDB made no options")
    }
    rocksdb_options_set_create_if_missing(settings, 1)
    rocksdb_options_enable_statistics(settings)
    rocksdb_writeoptions_set_sync(writes, 1)
    let database = try Self.call { rocksdb_open(settings, directory, $0) }
    guard let database else { throw BenchFailure("RocksDB opened nothing") }
    self.handles = Handles(database: database, options: settings, writes: writes)
  }

  /// Lets all threads write for so many nanoseconds.
  func write(for nanoseconds: UInt64) async throws -> LogWriters.Outcome {
    let before = ProcessFigures()
    let syncs = self.syncCount
    let end = before.time + nanoseconds
    var outcome = LogWriters.Outcome()
    try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for thread in self.threads {
        group.addTask { try await self.write(until: end, on: thread) }
      }
      for try await samples in group { outcome.samples += samples }
    }
    let after = ProcessFigures()
    outcome.nanoseconds = after.time - before.time
    outcome.processorNanoseconds = after.processorTime - before.processorTime
    outcome.syncs = self.syncCount - syncs
    return outcome
  }

  /// Closes the database; nothing writes any more.
  func close() {
    rocksdb_close(self.handles.database)
    rocksdb_writeoptions_destroy(self.handles.writes)
    rocksdb_options_destroy(self.handles.options)
  }

  private func write(until end: UInt64, on thread: WorkerThread) async throws -> [UInt64] {
    try await thread.run(orThrow: BenchFailure("the thread ended")) { () throws(BenchFailure) in
      var samples: [UInt64] = []
      var start = ProcessFigures.monotonic()
      while start < end {
        let number = self.next.add(1, ordering: .relaxed).newValue
        try Self.call { message in
          withUnsafeBytes(of: number.bigEndian) { key in
            rocksdb_put(
              self.handles.database, self.handles.writes,
              key.bindMemory(to: CChar.self).baseAddress,
              key.count, self.value, self.value.count, message)
          }
        }
        let now = ProcessFigures.monotonic()
        samples.append(now - start)
        start = now
      }
      return samples
    }
  }

  /// How often RocksDB has synced its log so far.
  private var syncCount: Int {
    guard let text = rocksdb_options_statistics_get_string(self.handles.options) else { return 0 }
    defer { rocksdb_free(text) }
    for line in String(cString: text).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "rocksdb.wal.synced", let count = words.last { return Int(count) ?? 0 }
    }
    return 0
  }

  private static func call<Result>(
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) throws(BenchFailure) -> Result {
    var message: UnsafeMutablePointer<CChar>?
    let result = body(&message)
    guard let message else { return result }
    defer { rocksdb_free(message) }
    throw BenchFailure(String(cString: message))
  }
}
#else
/// Nobody: this program was built without RocksDB, and refuses the options that ask for it.
struct RocksDBAlone: Sendable {
  init(in directory: String, _ options: LogOptions) throws {
    throw BenchFailure("there is no RocksDB in this raft-bench")
  }

  func write(for nanoseconds: UInt64) async throws -> LogWriters.Outcome { LogWriters.Outcome() }

  func close() {}
}
#endif
