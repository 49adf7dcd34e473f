import RaftFiles

/// What the disk itself can do, without any log: `pwrite` and `fdatasync` on a file whose bytes
/// were all written before.
struct BareDisk {
  /// How long each write took with its sync, in nanoseconds.
  private(set) var samples: [UInt64] = []
  private(set) var byteCount = 0

  /// The time of all writes, in nanoseconds.
  var time: UInt64 { self.samples.reduce(0, +) }

  /// Megabytes a second.
  var bandwidth: Double { Double(self.byteCount) / 1e6 / (Double(max(1, self.time)) / 1e9) }

  private static let fileSize = 64 << 20

  /// Writes pieces of this size one behind the other, each synced, for so many nanoseconds.
  mutating func measure(
    pieceSize: Int, in directory: String, for nanoseconds: UInt64
  ) throws(FileError) {
    let system = SystemFileSystem()
    let path = FilePath.joining(directory, "bare")
    let file = try system.open(path, .createNew)
    defer { file.close() }
    let size = max(Self.fileSize, 2 * pieceSize)
    try file.preallocate(to: size, .zeroed)
    try file.sync()
    let bytes = [UInt8](repeating: 0xA5, count: pieceSize)
    let end = ProcessFigures.monotonic() + nanoseconds
    var offset = 0
    var start = ProcessFigures.monotonic()
    while start < end {
      try file.write(bytes, at: offset)
      try file.sync()
      let now = ProcessFigures.monotonic()
      self.samples.append(now - start)
      self.byteCount += pieceSize
      offset = offset + 2 * pieceSize <= size ? offset + pieceSize : 0
      start = now
    }
    try system.remove(path)
  }
}
