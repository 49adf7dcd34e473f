#if RocksDB
import Raft
import RaftJSON
import RaftRocksDBStore

/// The map in the rows of a database: a value under each key, and the map's fingerprint.
///
/// A command's effect, the fingerprint and the command's position are written in one step.
struct KeptMap: Sendable {
  private let table: RocksDBMachineTable
  private var fingerprint = MapFingerprint()

  /// A map in this table.
  init(_ table: RocksDBMachineTable) {
    self.table = table
  }

  /// The map's fingerprint.
  var digest: UInt64 { self.fingerprint.value }

  /// What the key holds.
  func value(of key: Key) throws(StorageError) -> VersionedValue? {
    try self.table.value(of: KeptRow.key(key)).map { (bytes) throws(StorageError) in
      try KeptRow.value(bytes)
    }
  }

  /// Opens what was kept, and says how far that reaches.
  mutating func recover() throws(StorageError) -> LogID? {
    guard let position = try self.table.recover() else { return nil }
    guard let bytes = try self.table.value(of: KeptRow.fingerprint) else {
      throw StorageError(
        .corrupted, "the database has a map at \(position), and not its fingerprint")
    }
    self.fingerprint = MapFingerprint(value: KeptRow.number(bytes))
    return position
  }

  /// Does the command; what it answers.
  mutating func apply(
    _ command: KVCommand, in context: ApplyContext
  ) throws(StorageError) -> KVReceipt {
    let version = context.logID.index.rawValue
    let key = command.key
    let replaced = try self.value(of: key)
    var written: VersionedValue?
    switch command {
    case .set(_, let value):
      written = VersionedValue(value: value, version: version)
    case .compareAndSet(_, let expectedVersion, let value):
      if replaced?.version == expectedVersion {
        written = VersionedValue(value: value, version: version)
      }
    }
    var fingerprint = self.fingerprint
    var changes: [RowChange] = []
    if let written {
      fingerprint.replace(replaced, by: written, under: key)
      changes.append(.put(KeptRow.bytes(written), under: KeptRow.key(key)))
    }
    changes.append(.put(KeptRow.bytes(fingerprint.value), under: KeptRow.fingerprint))
    try self.table.apply(changes, at: context.logID)
    self.fingerprint = fingerprint
    return KVReceipt(logID: context.logID, response: KVResponse(value: written))
  }

  /// The map as it is now.
  func freeze() throws(StorageError) -> any FrozenState {
    FrozenKeptMap(table: try self.table.freeze())
  }

  /// Replaces the map by that of a snapshot, a part of it at a time.
  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var fingerprint = MapFingerprint()
    var parts = ObjectParts()
    try self.table.clear()
    func fill(_ part: [UInt8]) throws {
      var rows: [MachineRow] = []
      for (name, node) in try JSONDocument(part).root.members() {
        let (key, value) = (Key(name), try VersionedValue(json: node))
        fingerprint.replace(nil, by: value, under: key)
        rows.append(MachineRow(key: KeptRow.key(key), value: KeptRow.bytes(value)))
      }
      try self.table.fill(rows)
    }
    while let piece = try await content.next() {
      if let part = parts.take(piece) { try fill(part) }
    }
    try fill(parts.rest)
    try self.table.apply(
      [.put(KeptRow.bytes(fingerprint.value), under: KeptRow.fingerprint)],
      at: snapshot.lastLogID)
    self.fingerprint = fingerprint
  }
}

/// The form of the rows: values under the bytes of their keys, and one for the fingerprint.
enum KeptRow {
  /// Where the fingerprint lies: before all keys.
  static let fingerprint: [UInt8] = [0]
  /// Stands before the bytes of a key.
  private static let mark: UInt8 = 1

  /// Where the value of a key lies.
  static func key(_ key: Key) -> [UInt8] { [Self.mark] + key.text.utf8 }

  /// The key whose value lies here; `nil` for the fingerprint.
  static func key(in bytes: [UInt8]) -> Key? {
    bytes.first == Self.mark
      ? Key(String(decoding: bytes.dropFirst(), as: UTF8.self)) : nil
  }

  /// The version in eight bytes, then the text.
  static func bytes(_ value: VersionedValue) -> [UInt8] {
    Self.bytes(value.version) + value.value.utf8
  }

  /// The value that these bytes are.
  static func value(_ bytes: [UInt8]) throws(StorageError) -> VersionedValue {
    guard bytes.count >= 8 else {
      throw StorageError(.corrupted, "a value of the map has \(bytes.count) bytes")
    }
    return VersionedValue(
      value: String(decoding: bytes.dropFirst(8), as: UTF8.self), version: Self.number(bytes))
  }

  /// A number in eight bytes, the most significant one first.
  static func bytes(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  /// The number that the bytes begin with.
  static func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
#endif
