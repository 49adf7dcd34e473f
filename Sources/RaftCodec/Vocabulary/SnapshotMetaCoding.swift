public import RaftEngine

extension ByteWriter {
  /// Writes a membership with the place of its entry, or that there is none.
  public mutating func write(_ logged: LoggedMembership) {
    self.write(presenceOf: logged.membership)
    guard let logID = logged.logID, let membership = logged.membership else { return }
    self.write(logID)
    self.write(membership)
  }

  /// Writes what a snapshot stands for.
  public mutating func write(_ meta: SnapshotMeta) {
    self.write(meta.lastLogID)
    self.write(meta.membership)
    self.write(meta.timestamp.nanoseconds)
    self.write(meta.form.rawValue)
    self.write(meta.byteCount)
    self.write(meta.contentHash)
  }
}

extension ByteReader {
  /// Reads a membership with the place of its entry, or that there is none.
  public mutating func readLoggedMembership() throws(CodecError) -> LoggedMembership {
    guard try self.readPresence(of: "a membership") else { return .none }
    return LoggedMembership(logID: try self.readLogID(), membership: try self.readMembership())
  }

  /// Reads what a snapshot stands for.
  public mutating func readSnapshotMeta() throws(CodecError) -> SnapshotMeta {
    SnapshotMeta(
      lastLogID: try self.readLogID(), membership: try self.readLoggedMembership(),
      timestamp: Timestamp(nanoseconds: try self.readUInt64("a snapshot's stamp")),
      form: try self.readCase(of: SnapshotMeta.Form.self, "a snapshot's form"),
      byteCount: try self.readUInt64("a snapshot's length"),
      contentHash: try self.readUInt64("a snapshot's hash"))
  }
}
