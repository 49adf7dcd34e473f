import Raft

/// A machine for tests: a list of what was applied, with a map of the last value by key.
struct Ledger: StateMachine {
  struct Line: Hashable, Sendable {
    let index: LogIndex
    let command: [UInt8]
  }

  struct Failure: Error {}

  private(set) var lines: [Line] = []
  /// The stamps of what was applied since the start.
  private(set) var stamps: [Timestamp] = []
  /// A command that this machine refuses to apply by throwing.
  var poison: [UInt8]?
  /// A command that this machine applies otherwise than others do.
  var misread: [UInt8]?
  /// The fingerprint of all lines.
  private var fingerprint: UInt64 = 0

  var digest: UInt64? { self.fingerprint }

  static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
    writer.write(command)
  }

  static func decode(_ payload: PayloadReader) throws -> [UInt8] { payload.bytes }

  mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> LogIndex {
    if command == self.poison { throw Failure() }
    self.add(
      Line(index: context.logID.index, command: command == self.misread ? [0] : command))
    self.stamps.append(context.timestamp)
    return context.logID.index
  }

  private mutating func add(_ line: Line) {
    self.lines.append(line)
    for number in [line.index.rawValue] + line.command.map(UInt64.init) {
      self.fingerprint = (self.fingerprint ^ number) &* 0x100_0000_01B3
    }
  }

  mutating func freeze() async throws -> any FrozenState { Frozen(lines: self.lines) }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    self.lines = []
    self.fingerprint = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      let index = Ledger.number(rest.prefix(8))
      let count = Int(Ledger.number(rest.dropFirst(8).prefix(8)))
      rest = rest.dropFirst(16)
      self.add(Line(index: LogIndex(index), command: Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private struct Frozen: FrozenState {
    let lines: [Line]

    func write(to sink: SnapshotSink) async throws {
      for line in self.lines {
        var bytes: [UInt8] = []
        for number in [line.index.rawValue, UInt64(line.command.count)] {
          withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        try await sink.write(bytes + line.command)
      }
    }
  }
}
