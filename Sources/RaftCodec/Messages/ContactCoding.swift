public import RaftEngine

extension ByteWriter {
  /// Writes who speaks to whom.
  ///
  /// This layout is the same in every version of the protocol, so that a node can always say whom
  /// it refuses and why.
  public mutating func write(_ contact: Contact) {
    self.write(contact.protocolVersion)
    self.write(contact.group)
    self.write(contact.cluster)
    self.write(contact.sender)
    self.write(contact.senderIncarnation)
    self.write(contact.receiver)
    self.write(contact.receiverIncarnation)
  }
}

extension ByteReader {
  /// Reads who speaks to whom, in whatever version of the protocol.
  public mutating func readContact() throws(CodecError) -> Contact {
    Contact(
      protocolVersion: try self.readUInt32("the protocol's version"),
      group: try self.readUInt64("a group's number"), cluster: try self.readOptionalClusterID(),
      sender: try self.readNodeID(), senderIncarnation: try self.readOptionalIncarnation(),
      receiver: try self.readNodeID(), receiverIncarnation: try self.readOptionalIncarnation())
  }
}
