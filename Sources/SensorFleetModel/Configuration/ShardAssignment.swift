package import RaftJSON

/// Who holds a shard: the unit of change, counted by epochs.
package struct ShardAssignment: Hashable, Sendable {
  /// A replica that gets what it lacks, and does not count yet.
  package struct Filling: Hashable, Sendable {
    /// The server.
    package let server: ServerID
    /// The epoch in which the filling began: what it held before proves nothing.
    package let since: Epoch

    package init(server: ServerID, since: Epoch) {
      self.server = server
      self.since = since
    }
  }

  /// Which shard.
  package let shard: ShardID
  /// Grows with every change of what stands below.
  package var epoch = Epoch.zero
  /// The epoch since which the primary is primary without a break.
  package var tenure = Epoch.zero
  /// Who takes readings; `nil` while the last replica in sync is not there.
  package var primary: ServerID?
  /// Who holds everything acknowledged, in order of their numbers; the primary is one of them.
  package var inSync: [ServerID] = []
  /// Who is being filled, in order of their numbers.
  package var filling: [Filling] = []

  /// A shard that nobody holds yet.
  package init(_ shard: ShardID) {
    self.shard = shard
  }

  /// Everybody who has a replica or gets one.
  package var members: [ServerID] { self.inSync + self.filling.map(\.server) }

  /// Whether a server may let go of what it has of the shard.
  ///
  /// It has no part in the shard, which has all its replicas; and nothing later was heard of the
  /// shard than this: else it may be filled again already, and what it confirmed counts.
  package func mayForget(_ server: ServerID, known: Epoch, replicas: Int) -> Bool {
    !self.members.contains(server) && self.primary != nil && self.filling.isEmpty
      && self.inSync.count >= replicas && self.epoch >= known
  }

  /// Whether the server is being filled.
  package func isFilling(_ server: ServerID) -> Bool {
    self.filling.contains { $0.server == server }
  }
}

extension ShardAssignment: CustomStringConvertible {
  /// `shard 3 epoch 7: 2* 5 (+4)`: the primary has a star, who is being filled a plus.
  package var description: String {
    let members = self.inSync.map { "\($0)\($0 == self.primary ? "*" : "")" }
    let filling = self.filling.map { "(+\($0.server))" }
    let holders = (members + filling).joined(separator: " ")
    return "shard \(self.shard) epoch \(self.epoch): \(holders.isEmpty ? "nobody" : holders)"
  }
}

extension ShardAssignment.Filling: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.server = try ServerID(json: json["server"])
    self.since = try Epoch(json: json["since"])
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("server", self.server)
      writer.member("since", self.since)
    }
  }
}

extension ShardAssignment: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.shard = try ShardID(json: json["shard"])
    self.epoch = try Epoch(json: json["epoch"])
    self.tenure = try Epoch(json: json["tenure"])
    if let primary = try json.optional("primary") { self.primary = try ServerID(json: primary) }
    for server in try json["in_sync"].elements() {
      self.inSync.append(try ServerID(json: server))
    }
    for replica in try json["filling"].elements() {
      self.filling.append(try Filling(json: replica))
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("shard", self.shard)
      writer.member("epoch", self.epoch)
      writer.member("tenure", self.tenure)
      writer.member("primary", self.primary)
      writer.member("in_sync", self.inSync)
      writer.member("filling", self.filling)
    }
  }
}
