import Raft

/// A wish of a client: set a register to a value that nobody else sets it to.
struct SimulatedCommand: Hashable, Sendable {
  /// The number of the wish, and the value.
  let value: UInt64
  /// Which register.
  let key: Int
  /// What the register must hold, if that matters; 0 for never written.
  let expected: UInt64?
}

/// Some registers, and the list of all commands that ever reached them.
struct SimulatedMachine: StateMachine {
  /// A command at its place, and whether it changed anything.
  struct Line: Hashable, Sendable {
    let index: LogIndex
    let command: SimulatedCommand
    let isEffective: Bool
  }

  /// What the writer is told: where its command stands, and what the register held before.
  struct Response: Hashable, Sendable {
    let index: LogIndex
    let isEffective: Bool
    let found: UInt64
  }

  struct Failure: Error {}

  static let keyCount = 5

  let station: NodeStation
  private(set) var lines: [Line] = []
  private(set) var registers = [UInt64](repeating: 0, count: SimulatedMachine.keyCount)
  private var lastTimestamp = Timestamp.epoch
  private var isRestored = false

  init(station: NodeStation) {
    self.station = station
  }

  static func encode(_ command: SimulatedCommand, into writer: inout PayloadWriter) {
    writer.write(command.value)
    writer.write(UInt8(command.key))
    if let expected = command.expected { writer.write(expected) }
    // Lengths differ, so that limits in bytes are met at different places.
    writer.write([UInt8](repeating: 0xAA, count: Self.padding(of: command)))
  }

  static func padding(of command: SimulatedCommand) -> Int {
    command.value % 61 == 0 ? 4096 : Int(command.value % 23)
  }

  static func decode(_ payload: PayloadReader) throws -> SimulatedCommand {
    var bytes = payload.bytes[...]
    let value = Self.takeNumber(&bytes)
    let key = Int(bytes.removeFirst())
    let command = SimulatedCommand(value: value, key: key, expected: nil)
    guard bytes.count != Self.padding(of: command) else { return command }
    return SimulatedCommand(value: value, key: key, expected: Self.takeNumber(&bytes))
  }

  mutating func apply(
    _ command: SimulatedCommand, in context: ApplyContext
  ) async throws -> Response {
    let station = self.station
    let world = station.world
    if station.machine.delayMax > 0 {
      await world.sleep(for: world.draw(0...station.machine.delayMax))
    }
    if station.machine.failsNext {
      station.machine.failsNext = false
      throw Failure()
    }
    let index = context.logID.index
    if let last = self.lines.last, last.index >= index {
      world.fail("order: node \(station.id) applied \(index) after \(last.index)")
    }
    if context.timestamp < self.lastTimestamp {
      world.fail("order: node \(station.id) applied \(index) with a stamp that goes back")
    }
    self.lastTimestamp = context.timestamp
    world.noteApplied(AppliedCommand(logID: context.logID, command: command), on: station.id)
    let found = self.registers[command.key]
    let isEffective = command.expected.map { $0 == found } ?? true
    if isEffective { self.registers[command.key] = command.value }
    self.lines.append(Line(index: index, command: command, isEffective: isEffective))
    return Response(index: index, isEffective: isEffective, found: found)
  }

  // MARK: Snapshots

  mutating func freeze() async throws -> any FrozenState {
    Frozen(lines: self.lines, lastTimestamp: self.lastTimestamp)
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    if self.isRestored || !self.lines.isEmpty { self.station.world.tally.installs += 1 }
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    var rest = bytes[...]
    self.isRestored = true
    self.lastTimestamp = Timestamp(nanoseconds: Self.takeNumber(&rest))
    self.lines = []
    self.registers = [UInt64](repeating: 0, count: Self.keyCount)
    while !rest.isEmpty {
      let numbers = (0..<5).map { _ in Self.takeNumber(&rest) }
      let command = SimulatedCommand(
        value: numbers[1], key: Int(numbers[2]),
        expected: numbers[3] == .max ? nil : numbers[3])
      let line = Line(
        index: LogIndex(numbers[0]), command: command, isEffective: numbers[4] == 1)
      self.lines.append(line)
      if line.isEffective { self.registers[command.key] = command.value }
    }
  }

  private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> UInt64 {
    let number = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    bytes = bytes.dropFirst(8)
    return number
  }

  private struct Frozen: FrozenState {
    let lines: [Line]
    let lastTimestamp: Timestamp

    func write(to sink: SnapshotSink) async throws {
      var piece = PayloadWriter()
      piece.write(self.lastTimestamp.nanoseconds)
      for (place, line) in self.lines.enumerated() {
        piece.write(line.index.rawValue)
        piece.write(line.command.value)
        piece.write(UInt64(line.command.key))
        piece.write(line.command.expected ?? .max)
        piece.write(line.isEffective ? 1 as UInt64 : 0)
        guard place % 64 == 63 else { continue }
        try await sink.write(piece.bytes)
        piece = PayloadWriter()
      }
      try await sink.write(piece.bytes)
    }
  }
}
