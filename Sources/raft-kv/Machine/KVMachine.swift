import Raft
import RaftJSON

/// The map that the servers replicate: from texts to texts, each with the version it was written
/// in.
struct KVMachine: SynchronousStateMachine {
  static let mediaType = "application/json"

  private(set) var values: [Key: VersionedValue] = [:]
  private var fingerprint = MapFingerprint()

  var digest: UInt64? { self.fingerprint.value }

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

  mutating func apply(_ command: KVCommand, in context: ApplyContext) -> KVReceipt {
    let version = context.logID.index.rawValue
    var written: VersionedValue?
    switch command {
    case .set(_, let value):
      written = VersionedValue(value: value, version: version)
    case .compareAndSet(_, let expectedVersion, let value):
      if self.values[command.key]?.version == expectedVersion {
        written = VersionedValue(value: value, version: version)
      }
    }
    if let written {
      let replaced = self.values.updateValue(written, forKey: command.key)
      self.fingerprint.replace(replaced, by: written, under: command.key)
    }
    return KVReceipt(logID: context.logID, response: KVResponse(value: written))
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
    self.fingerprint = MapFingerprint(of: values)
  }
}
