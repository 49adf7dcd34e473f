import Raft

/// A machine for tests: the texts that were applied, in order.
struct Journal: StateMachine {
  static let mediaType = "application/json"

  private(set) var lines: [String] = []

  static func encode(_ command: String, into writer: inout PayloadWriter) {
    writer.write(command.utf8)
  }

  static func decode(_ payload: PayloadReader) throws -> String {
    String(decoding: payload.bytes, as: UTF8.self)
  }

  mutating func apply(_ command: String, in context: ApplyContext) async throws -> Int {
    self.lines.append(command)
    return self.lines.count
  }

  mutating func freeze() async throws -> any FrozenState { Frozen(lines: self.lines) }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    self.lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private struct Frozen: FrozenState {
    let lines: [String]

    func write(to sink: SnapshotSink) async throws {
      for line in self.lines { try await sink.write(Array("\(line)\n".utf8)) }
    }
  }
}
