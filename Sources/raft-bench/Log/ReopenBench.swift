import Raft
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
    /// `nil` if nobody counted them.
    let logBytes: Int?
    /// `nil` if nobody counted them.
    let bytesRead: Int?
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
        if let logBytes = self.logBytes { writer.member("logBytes", logBytes) }
        if let bytesRead = self.bytesRead { writer.member("bytesReadAtOpen", bytesRead) }
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
      \(Self.mebibytes(self.logBytes))
        opened in          \(Figure(Double(self.nanoseconds) / 1e6)) ms
        read at open       \(Self.mebibytes(self.bytesRead))
        a node's outline   \(self.outline.milliseconds) ms, \(self.outline.megabytes) MiB read
        by all entries     \(self.scan.milliseconds) ms, \(self.scan.megabytes) MiB read
        memory             \(Self.mebibytes(self.memory)) more in use

      """
    }

    private static func mebibytes(_ count: Int?) -> String {
      count.map { "\(Figure(Double($0) / Double(1 << 20))) MiB" } ?? "bytes not counted"
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
    let (store, _) = try await BenchStore.open(self.options.store, in: directory)
    let writers = LogWriters(
      self.options, log: store.log, from: 0, purging: .never, countingSyncs: store.syncCount)
    _ = try writers.write(for: .max, atMost: self.count)
    await store.log.close()
    let memory = ProcessFigures.memory
    let start = ProcessFigures.monotonic()
    let (again, loaded) = try await BenchStore.open(self.options.store, in: directory)
    let end = ProcessFigures.monotonic()
    let grown = ProcessFigures.memory - memory
    guard loaded.last.map({ $0.index.rawValue + 1 }) == UInt64(self.count) else {
      throw BenchFailure(
        "\(self.count) entries were written, and the last one found is at "
          + "\(loaded.last.map { "\($0)" } ?? "no place")")
    }
    let bytesRead = again.bytes()?.read
    let last = LogIndex(UInt64(self.count - 1))
    var found: [LogOutline] = []
    let outline = try await Self.reading(again) {
      found.append(try await again.log.outline(from: 0, through: last))
    }
    let scan = try await Self.reading(again) {
      found.append(try await LogOutline.scanning(again.log, from: 0, through: last))
    }
    guard found[0].stretches == found[1].stretches, found[0].memberships == found[1].memberships
    else { throw BenchFailure("the outline of the log is not that of its entries") }
    await again.log.close()
    return Row(
      options: self.options, count: self.count, logBytes: store.bytes()?.written,
      bytesRead: bytesRead, nanoseconds: end - start, outline: outline, scan: scan, memory: grown)
  }

  private static func reading(
    _ store: BenchStore, _ body: () async throws -> Void
  ) async throws -> Reading {
    let (start, before) = (ProcessFigures.monotonic(), store.bytes()?.read ?? 0)
    try await body()
    return Reading(
      nanoseconds: ProcessFigures.monotonic() - start, bytes: (store.bytes()?.read ?? 0) - before)
  }
}
