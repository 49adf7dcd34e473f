import Raft

/// The state of a simulated machine at one moment; the user's own machine comes last.
struct FrozenMachine: FrozenState {
  let lines: [SimulatedMachine.Line]
  let lastTimestamp: Timestamp
  var guest: (any FrozenState)?

  func write(to sink: SnapshotSink) async throws {
    var piece = PayloadWriter()
    piece.write(self.lastTimestamp.nanoseconds)
    piece.write(UInt64(self.lines.count))
    for (place, line) in self.lines.enumerated() {
      var bytes = PayloadWriter()
      bytes.write(line.index.rawValue)
      bytes.write(line.isEffective ? 1 as UInt64 : 0)
      line.command.write(to: &bytes)
      piece.write(UInt64(bytes.bytes.count))
      piece.write(bytes.bytes)
      guard place % 64 == 63 else { continue }
      try await sink.write(piece.bytes)
      piece = PayloadWriter()
    }
    try await sink.write(piece.bytes)
    try await self.guest?.write(to: sink)
  }

  /// Reads the state back, and the first bytes of what follows it.
  static func read(
    _ content: any SnapshotReader
  ) async throws(StorageError) -> (FrozenMachine, rest: [UInt8]) {
    var bytes: ArraySlice<UInt8> = []
    func need(_ count: Int) async throws(StorageError) {
      while bytes.count < count {
        guard let piece = try await content.next() else {
          throw StorageError(.corrupted, "a simulated snapshot ends too early")
        }
        bytes += piece
      }
    }
    try await need(16)
    let timestamp = Timestamp(nanoseconds: bytes.takeNumber())
    let count = bytes.takeNumber()
    var lines: [SimulatedMachine.Line] = []
    for _ in 0..<count {
      try await need(8)
      try await need(Int(bytes.takeNumber()))
      let index = LogIndex(bytes.takeNumber())
      let isEffective = bytes.takeNumber() == 1
      let command = SimulatedCommand(reading: &bytes)
      lines.append(.init(index: index, command: command, isEffective: isEffective))
    }
    return (FrozenMachine(lines: lines, lastTimestamp: timestamp), Array(bytes))
  }
}
