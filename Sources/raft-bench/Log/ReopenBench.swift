import Raft
import RaftFileStore
import RaftFiles
import RaftJSON

/// How a log of many entries is opened again: what is read, how long it takes, and what it keeps.
struct ReopenBench: Sendable {
  /// How long something took, and how much was read for it.
  struct Reading {
    let nanoseconds: UInt64
    let bytes: Int

    var milliseconds: Figure { Figure(Double(self.nanoseconds) / 1e6) }
    var megabytes: Figure { Figure(Double(self.bytes) / Double(1 << 20)) }
  }

  /// The figures.
  struct Row {
    let options: LogOptions
    let count: Int
    let logBytes: Int
    let bytesRead: Int
    let nanoseconds: UInt64
    /// What a node learns of the log beyond that when it starts.
    let outline: Reading
    /// The same, by reading all entries.
    let scan: Reading
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
        writer.member("outlineBytesRead", self.outline.bytes)
        writer.member("outlineMilliseconds") { $0.write(self.outline.milliseconds) }
        writer.member("scanBytesRead", self.scan.bytes)
        writer.member("scanMilliseconds") { $0.write(self.scan.milliseconds) }
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
        a node's outline   \(self.outline.milliseconds) ms, \(self.outline.megabytes) MiB read
        by all entries     \(self.scan.milliseconds) ms, \(self.scan.megabytes) MiB read
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
    let read = disk.read
    let last = LogIndex(UInt64(self.count - 1))
    var found: [LogOutline] = []
    let outline = try await Self.reading(disk) {
      found.append(try await again.log.outline(from: 0, through: last))
    }
    let scan = try await Self.reading(disk) {
      found.append(try await LogOutline.scanning(again.log, from: 0, through: last))
    }
    guard found[0].stretches == found[1].stretches, found[0].memberships == found[1].memberships
    else { throw BenchFailure("the outline of the log is not that of its entries") }
    await again.close()
    return Row(
      options: self.options, count: self.count, logBytes: written.written, bytesRead: read,
      nanoseconds: end - start, outline: outline, scan: scan, memory: grown)
  }

  private static func reading(
    _ disk: CountedFileSystem, _ body: () async throws -> Void
  ) async throws -> Reading {
    let (start, before) = (ProcessFigures.monotonic(), disk.read)
    try await body()
    return Reading(nanoseconds: ProcessFigures.monotonic() - start, bytes: disk.read - before)
  }
}
