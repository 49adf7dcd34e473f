public import RaftEngine

/// What a snapshot file says of itself before its content.
public struct SnapshotDescription: Hashable, Sendable {
  /// What the snapshot stands for; length and hash are 0, since they stand at the file's end.
  public var meta: SnapshotMeta
  /// The state's fingerprint at the snapshot's last entry; `nil` if the machine gives none.
  public var digest: StateDigest?
  /// Which of several groups of one process; 0 where there is one.
  public var group: UInt64

  /// States what a snapshot file holds.
  public init(meta: SnapshotMeta, digest: StateDigest? = nil, group: UInt64 = 0) {
    self.group = group
    self.meta = meta
    self.digest = digest
  }
}

extension ByteWriter {
  /// Writes what a snapshot file says of itself.
  mutating func write(_ description: SnapshotDescription) {
    self.write(description.group)
    self.write(description.meta)
    self.write(description.digest)
    // The length of the client sessions, which a later version keeps in a section of their own.
    self.write(UInt64(0))
  }

  /// Writes a state's fingerprint that may be missing: 1 or 17 bytes.
  mutating func write(_ digest: StateDigest?) {
    self.write(presenceOf: digest)
    guard let digest else { return }
    self.write(digest.index)
    self.write(digest.value)
  }
}

extension ByteReader {
  /// Reads what a snapshot file says of itself.
  mutating func readSnapshotDescription() throws(CodecError) -> SnapshotDescription {
    let group = try self.readUInt64("a snapshot's group")
    let description = SnapshotDescription(
      meta: try self.readSnapshotMeta(), digest: try self.readOptionalDigest(), group: group)
    let sessions = try self.readUInt64("the length of the sessions")
    guard sessions == 0 else {
      throw self.error(.reservedBits(sessions), "the length of the sessions", back: 8)
    }
    try self.expectEnd(of: "a snapshot's description")
    return description
  }

  /// Reads a state's fingerprint that may be missing.
  mutating func readOptionalDigest() throws(CodecError) -> StateDigest? {
    guard try self.readPresence(of: "a state digest") else { return nil }
    return StateDigest(
      index: try self.readLogIndex(), value: try self.readUInt64("a state digest"))
  }
}
