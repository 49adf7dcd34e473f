import Raft
import RaftFileStore
import RaftFiles
import RaftJSON

/// How a log of many entries is opened again: what is read, how long it takes, and what it keeps.
struct ReopenBench: Sendable {
  /// The figures.
  struct Row {
    let options: LogOptions
    let count: Int
    let logBytes: Int
    let bytesRead: Int
    let nanoseconds: UInt64
    /// How much the process's memory in use grew by the opening.
    let memory: Int

    var json: String {
      var writer = JSONWriter()
      writer.object { writer in
        writer.member("store", self.options.store.rawValue)
        writer.member("entryBytes", self.options.entryBytes)
        writer.member("entries", self.count)
        writer.member("logBytes", self.logBytes)
        writer.member("bytesReadAtOpen", self.bytesRead)
        writer.member("openMilliseconds") { $0.write(Figure(Double(self.nanoseconds) / 1e6)) }
        writer.member("memoryBytes", self.memory)
      }
      return String(decoding: writer.finish(), as: UTF8.self)
    }

    var text: String {
      """
      store \(self.options.store.rawValue), \(self.count) entries of \(self.options.entryBytes) B, \
      \(self.logBytes >> 20) MiB
        opened in          \(Figure(Double(self.nanoseconds) / 1e6)) ms
        read at open       \(Figure(Double(self.bytesRead) / Double(1 << 20))) MiB
        memory             \(Figure(Double(self.memory) / Double(1 << 20))) MiB more in use

      """
    }
  }

  let options: LogOptions
  let count: Int

  func run() async throws -> Row {
    let directory = try BenchDirectory.make(in: self.options.directory)
    do {
      let row = try await self.measure(in: FilePath.joining(directory, "store"))
      try BenchDirectory.remove(directory)
      return row
    } catch {
      try? BenchDirectory.remove(directory)
      throw error
    }
  }

  private func measure(in directory: String) async throws -> Row {
    let written = CountedFileSystem()
    let store = try await FileStore.open(directory: directory, node: 1, fileSystem: written)
    _ = try await store.log.load()
    let writers = LogWriters(
      self.options, log: store.log, disk: written, from: 0, purging: .never)
    _ = try writers.write(for: .max, atMost: self.count)
    await store.close()
    let disk = CountedFileSystem()
    let memory = ProcessFigures.memory
    let start = ProcessFigures.monotonic()
    let again = try await FileStore.open(directory: directory, node: 1, fileSystem: disk)
    let loaded = try await again.log.load()
    let end = ProcessFigures.monotonic()
    let grown = ProcessFigures.memory - memory
    guard loaded.last.map({ $0.index.rawValue + 1 }) == UInt64(self.count) else {
      throw BenchFailure(
        "\(self.count) entries were written, and the last one found is at "
          + "\(loaded.last.map { "\($0)" } ?? "no place")")
    }
    await again.close()
    return Row(
      options: self.options, count: self.count, logBytes: written.written, bytesRead: disk.read,
      nanoseconds: end - start, memory: grown)
  }
}
