@testable import Raft

/// An engine whose steps are recorded, without a node around it.
struct RecordedEngine {
  var engine: Engine
  var recorder: FlightRecorder
  let mapping: FlightMapping

  static let start = Instant(nanoseconds: 1_000_000)
  static let startTime = Timestamp(nanoseconds: 5_000_000_000)

  init(
    capacity: Int, after sequence: UInt64 = 0, mapping: FlightMapping? = nil, before: Int64? = nil
  ) throws {
    self.engine = Engine(
      id: 1, configuration: Configuration().engine, recovered: Engine.Recovered(), seed: 1,
      at: Self.start)
    self.mapping = try mapping ?? FlightMapping(capacity: capacity)
    self.recorder = FlightRecorder(
      self.mapping,
      header: FlightHeader(
        capacity: capacity, node: 1, incarnation: Incarnation(0xAB), startMoment: Self.start,
        startTime: Self.startTime),
      after: sequence, before: before, engine: self.engine)
  }

  /// Tells the engine something, a millisecond after its start and so on.
  mutating func step(_ input: Input, at milliseconds: Int64 = 1) {
    let moment = Self.start.advanced(byNanoseconds: milliseconds * 1_000_000)
    self.recorder.begin(input, at: moment)
    self.engine.take(input, at: moment)
    self.recorder.end(&self.engine)
    var commands: [Command] = []
    self.engine.commands.drain(into: &commands)
  }

  /// All words of the memory as bytes, as a file has them when the process is killed.
  var bytes: [UInt8] {
    let count = FlightMapping.byteCount(self.mapping.capacity) / 8
    return self.mapping.words(from: 0, count: count).flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }
}

extension FlightRecording {
  /// The kinds of all records, oldest first.
  var kinds: [FlightKind?] { self.entries.map(\.record.told.kind) }
}
