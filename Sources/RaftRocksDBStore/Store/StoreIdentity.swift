#if RocksDB
internal import Raft
internal import RaftCodec

/// Whose data a database holds, and in which form.
struct StoreIdentity: Hashable, Sendable {
  private static let newestVersion: UInt32 = 1

  /// The node that the data belongs to.
  let node: NodeID
  /// The life of its data.
  let incarnation: Incarnation

  /// An identity.
  init(node: NodeID, incarnation: Incarnation) {
    self.node = node
    self.incarnation = incarnation
  }

  /// Reads an identity.
  init(from reader: inout ByteReader) throws(CodecError) {
    let version = try reader.readUInt32("the version of the rows")
    guard version == Self.newestVersion else {
      throw CodecError(
        .unsupportedVersion(version, newestKnown: Self.newestVersion), in: "the rows", at: 0)
    }
    self.node = try reader.readNodeID()
    self.incarnation = try reader.readIncarnation()
  }

  /// Writes the identity.
  func write(to writer: inout ByteWriter) {
    writer.write(Self.newestVersion)
    writer.write(self.node)
    writer.write(self.incarnation)
  }
}
#endif
