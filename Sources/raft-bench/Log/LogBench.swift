import Raft
import RaftFiles

/// One measurement of a log store, with the bare disk before and behind it.
///
/// It blocks the thread that it runs on while it measures.
struct LogBench: Sendable {
  /// A disk's bandwidth is measured by pieces of these sizes.
  static let mediumPiece = 1 << 20
  static let largePiece = 4 << 20
  /// How often a store and what is measured beside it take turns between two measurements of the disk.
  private static let turns: UInt64 = 10

  let options: LogOptions

  func run() async throws -> LogRow {
    let directory = try BenchDirectory.make(in: self.options.directory)
    do {
      let row = try await self.measure(in: directory)
      try BenchDirectory.remove(directory)
      return row
    } catch {
      try? BenchDirectory.remove(directory)
      throw error
    }
  }

  private func measure(in directory: String) async throws -> LogRow {
    var disks = [BareDisk(), BareDisk(), BareDisk()]
    let (store, loaded) = try await BenchStore.open(
      self.options.store, in: FilePath.joining(directory, "store"))
    let writers = LogWriters(
      self.options, log: store.log, from: loaded.last.map { $0.index.next } ?? 0,
      countingSyncs: store.syncCount)
    let rival = try self.options.rival.map { _ in
      try RocksDBAlone(in: FilePath.joining(directory, "beside"), self.options)
    }
    let recordSize = Self.recordSize(entryBytes: self.options.entryBytes)
    let sizes = [recordSize, Self.mediumPiece, Self.largePiece]
    // Disks have moods: the bare one is measured before, between and after. It is spared, since
    // many a disk lends more bandwidth for a while than it has.
    let rounds = UInt64(3)
    let share = UInt64(self.options.seconds) * 1_000_000_000 / rounds
    func measureDisks() throws(FileError) {
      for (place, part) in [4, 16, 16].enumerated() {
        try disks[place].measure(
          pieceSize: sizes[place], in: directory, for: share / UInt64(part))
      }
    }
    var outcome = LogWriters.Outcome()
    var beside = rival.map { _ in LogWriters.Outcome() }
    for _ in 0..<rounds {
      try measureDisks()
      // What is compared takes turns, so that the disk's moods are shared.
      let turns = rival == nil ? 1 : Self.turns
      for _ in 0..<turns {
        outcome.add(try writers.write(for: share / turns))
        if let rival { beside?.add(try await rival.write(for: share / turns)) }
      }
    }
    try measureDisks()
    await store.log.close()
    rival?.close()
    return LogRow(
      options: self.options, outcome: outcome, beside: beside, recordSize: recordSize,
      bare: disks[0], medium: disks[1], large: disks[2])
  }

  /// How many bytes of the log an append takes that is alone: a record with a block of one entry.
  private static func recordSize(entryBytes: Int) -> Int {
    let (recordHeader, blockHeader, end, alignment) = (64, 48, 4, 8)
    let length = recordHeader + blockHeader + end + entryBytes
    return (length + alignment - 1) / alignment * alignment
  }
}
