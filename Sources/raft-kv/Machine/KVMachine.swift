import Raft
import RaftJSON

/// The map that the servers replicate: from texts to texts, each with the version it was written
/// in.
struct KVMachine: StateMachine {
  static let mediaType = "application/json"

  private(set) var values: [Key: VersionedValue] = [:]

  /// What the key holds.
  func read(_ key: Key) -> KVResponse {
    KVResponse(value: self.values[key])
  }

  static func encode(_ command: KVCommand, into writer: inout PayloadWriter) {
    writer.write(command.bytes)
  }

  static func decode(_ payload: PayloadReader) throws -> KVCommand {
    try KVCommand(parsing: payload.bytes)
  }

  mutating func apply(_ command: KVCommand, in context: ApplyContext) -> KVResponse {
    let version = context.logID.index.rawValue
    switch command {
    case .set(let key, let value):
      return self.put(VersionedValue(value: value, version: version), under: key)
    case .compareAndSet(let key, let expectedVersion, let value):
      guard self.values[key]?.version == expectedVersion else { return KVResponse(value: nil) }
      return self.put(VersionedValue(value: value, version: version), under: key)
    }
  }

  private mutating func put(_ value: VersionedValue, under key: Key) -> KVResponse {
    self.values[key] = value
    return KVResponse(value: value)
  }

  func freeze() -> any FrozenState {
    FrozenMap(values: self.values)
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(clamping: snapshot.byteCount))
    while let piece = try await content.next() { bytes += piece }
    var values: [Key: VersionedValue] = [:]
    for (name, value) in try JSONDocument(bytes).root.members() {
      values[Key(name)] = try VersionedValue(json: value)
    }
    self.values = values
  }
}
