import Raft

/// The state machine of the benchmark: it counts, and sees that nothing changes its place.
///
/// Commands are bytes without meaning, mostly none at all, and the response is empty, so that what
/// is measured is the library.
struct BenchMachine: SynchronousStateMachine {
  /// A command of this many bytes.
  struct Command: Sendable {
    let byteCount: Int
  }

  struct Response: Sendable {}

  /// What nodes must agree about.
  struct State: Hashable, Sendable {
    var count: UInt64 = 0
    var byteCount: UInt64 = 0
    /// Changes with every entry's position and size, in their order.
    var fingerprint: UInt64 = 0
  }

  private(set) var state = State()

  static func encode(_ command: Command, into writer: inout PayloadWriter) {
    guard command.byteCount > 0 else { return }
    writer.write(repeatElement(UInt8(ascii: "x"), count: command.byteCount))
  }

  static func decode(_ payload: PayloadReader) throws -> Command {
    Command(byteCount: payload.count)
  }

  mutating func apply(_ command: Command, in context: ApplyContext) -> Response {
    self.state.count += 1
    self.state.byteCount += UInt64(command.byteCount)
    self.state.fingerprint =
      (self.state.fingerprint &+ context.logID.index.rawValue) &* 0x9E37_79B9_7F4A_7C15
      ^ UInt64(command.byteCount)
    return Response()
  }

  mutating func freeze() async throws -> any FrozenState { Frozen(state: self.state) }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    guard bytes.count == 24 else { throw BenchFailure("a snapshot of \(bytes.count) bytes") }
    let numbers = (0..<3).map { place in
      bytes[(8 * place)..<(8 * place + 8)].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    }
    self.state = State(count: numbers[0], byteCount: numbers[1], fingerprint: numbers[2])
  }

  private struct Frozen: FrozenState {
    let state: State

    func write(to sink: SnapshotSink) async throws {
      var writer = PayloadWriter()
      writer.write(self.state.count)
      writer.write(self.state.byteCount)
      writer.write(self.state.fingerprint)
      try await sink.write(writer.bytes)
    }
  }
}
