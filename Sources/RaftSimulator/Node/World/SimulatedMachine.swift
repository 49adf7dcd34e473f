import Raft

/// A wish of a client: set a register to a value that nobody else sets it to.
struct SimulatedCommand: Hashable, Sendable {
  /// The number of the wish, and the value.
  let value: UInt64
  /// Which register.
  let key: Int
  /// What the register must hold, if that matters; 0 for never written.
  let expected: UInt64?
  /// The command for the user's own machine; empty if the run has none.
  var guest: [UInt8] = []
}

/// Some registers, and the list of all commands that ever reached them; beside them the user's own
/// machine, if the run is there for one.
struct SimulatedMachine: SynchronousStateMachine {
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
  private(set) var guest: (any Guest)?
  /// The fingerprint of all lines.
  private var fingerprint = Fingerprint(0)
  private var lastTimestamp = Timestamp.epoch
  private var isRestored = false

  init(station: NodeStation) {
    self.station = station
    self.guest = station.world.guests?.guest(of: station.id)
  }

  mutating func apply(
    _ command: SimulatedCommand, in context: ApplyContext
  ) async throws -> Response {
    let (station, world) = (self.station, self.station.world)
    if station.machine.delayMax > 0 {
      await world.sleep(for: world.draw(0...station.machine.delayMax))
    }
    let response = try self.take(command, in: context)
    if let wrong = try await self.guest?.apply(command.guest, in: context) {
      world.fail(.invariant, "node \(station.id) after \(context.logID): \(wrong)")
    }
    if let guest = self.guest {
      world.noteState(guest.state, after: context.logID.index, on: station.id)
    }
    return response
  }

  /// Applied at once: only where no guest wants to wait, and delays are not drawn.
  mutating func apply(_ command: SimulatedCommand, in context: ApplyContext) throws -> Response {
    precondition(self.guest == nil, "a guest is never applied at once")
    return try self.take(command, in: context)
  }

  private mutating func take(
    _ command: SimulatedCommand, in context: ApplyContext
  ) throws -> Response {
    let (station, world) = (self.station, self.station.world)
    if station.machine.failsNext {
      station.machine.failsNext = false
      throw Failure()
    }
    self.checkOrder(context)
    world.noteApplied(AppliedCommand(logID: context.logID, command: command), on: station.id)
    world.note(.input, station.id, "applied (\(context.logID): \(command))")
    let index = context.logID.index
    let found = self.registers[command.key]
    let isEffective = command.expected.map { $0 == found } ?? true
    if isEffective { self.registers[command.key] = command.value }
    self.add(Line(index: index, command: command, isEffective: isEffective))
    if let stray = world.profile.stray, stray.node == station.id, stray.command == self.lines.count
    {
      // A planted fault: this machine takes the command for another one, and nobody sees it.
      self.fingerprint.add(1)
    }
    return Response(index: index, isEffective: isEffective, found: found)
  }

  private mutating func add(_ line: Line) {
    self.lines.append(line)
    self.fingerprint.add(line.index.rawValue)
    self.fingerprint.add(line.command.value)
    self.fingerprint.add(line.isEffective ? 1 : 0)
  }

  /// The fingerprint of the lines, and of the user's own machine if it offers one.
  var digest: UInt64? {
    var fingerprint = self.fingerprint
    if let guest = self.guest?.digest { fingerprint.add(guest) }
    return fingerprint.value
  }

  private mutating func checkOrder(_ context: ApplyContext) {
    let index = context.logID.index
    if let last = self.lines.last, last.index >= index {
      self.station.world.fail(
        .stateMachineSafety, "node \(self.station.id) applied \(index) after \(last.index)")
    }
    if context.timestamp < self.lastTimestamp {
      self.station.world.fail(
        .stateMachineSafety,
        "node \(self.station.id) applied \(index) with a stamp that goes back")
    }
    self.lastTimestamp = context.timestamp
  }

  // MARK: Snapshots

  mutating func freeze() async throws -> any FrozenState {
    FrozenMachine(
      lines: self.lines, lastTimestamp: self.lastTimestamp, guest: try await self.guest?.freeze())
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    if self.isRestored || !self.lines.isEmpty {
      self.station.world.coverage.snapshotInstalls += 1
    }
    let (own, rest) = try await FrozenMachine.read(content)
    self.isRestored = true
    self.lastTimestamp = own.lastTimestamp
    self.lines = []
    self.fingerprint = Fingerprint(0)
    for line in own.lines { self.add(line) }
    self.registers = [UInt64](repeating: 0, count: Self.keyCount)
    for line in self.lines where line.isEffective {
      self.registers[line.command.key] = line.command.value
    }
    try await self.guest?.restore(
      from: snapshot, reading: GuestReader(first: rest, rest: content))
    if let guest = self.guest, let last = self.lines.last {
      self.station.world.noteState(guest.state, after: last.index, on: self.station.id)
    }
  }
}
