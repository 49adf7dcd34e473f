public import RaftEngine

extension ByteWriter {
  /// Writes a node's number: 8 bytes.
  public mutating func write(_ node: NodeID) {
    self.write(node.rawValue)
  }

  /// Writes an incarnation: 8 bytes.
  public mutating func write(_ incarnation: Incarnation) {
    self.write(incarnation.rawValue)
  }

  /// Writes an incarnation that may be missing: 1 or 9 bytes.
  public mutating func write(_ incarnation: Incarnation?) {
    self.write(presenceOf: incarnation)
    if let incarnation { self.write(incarnation) }
  }

  /// Writes a cluster's identity: 20 bytes.
  public mutating func write(_ cluster: ClusterID) {
    self.write(cluster.high)
    self.write(cluster.low)
    self.write(cluster.generation)
  }

  /// Writes a cluster's identity that may be missing: 1 or 21 bytes.
  public mutating func write(_ cluster: ClusterID?) {
    self.write(presenceOf: cluster)
    if let cluster { self.write(cluster) }
  }
}

extension ByteReader {
  /// Reads a node's number.
  public mutating func readNodeID() throws(CodecError) -> NodeID {
    NodeID(try self.readUInt64("a node's number"))
  }

  /// Reads an incarnation.
  public mutating func readIncarnation() throws(CodecError) -> Incarnation {
    Incarnation(try self.readUInt64("an incarnation"))
  }

  /// Reads an incarnation that may be missing.
  public mutating func readOptionalIncarnation() throws(CodecError) -> Incarnation? {
    try self.readPresence(of: "an incarnation") ? try self.readIncarnation() : nil
  }

  /// Reads a cluster's identity.
  public mutating func readClusterID() throws(CodecError) -> ClusterID {
    ClusterID(
      high: try self.readUInt64("a cluster's identity"),
      low: try self.readUInt64("a cluster's identity"),
      generation: try self.readUInt32("a cluster's generation"))
  }

  /// Reads a cluster's identity that may be missing.
  public mutating func readOptionalClusterID() throws(CodecError) -> ClusterID? {
    try self.readPresence(of: "a cluster's identity") ? try self.readClusterID() : nil
  }

  /// Reads how many leaders one term may see.
  mutating func readLeadershipRule() throws(CodecError) -> LeadershipRule {
    try self.readCase(of: LeadershipRule.self, "a leadership rule")
  }
}
