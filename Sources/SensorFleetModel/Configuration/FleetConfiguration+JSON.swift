package import RaftJSON

extension FleetConfiguration: JSONWritable {
  /// Reads what ``write(to:)`` wrote.
  package init(json: JSONNode) throws(JSONError) {
    self.init()
    self.name = try json["name"].string()
    self.parameters = try PlacementParameters(json: json["parameters"])
    for server in try json["servers"].elements() {
      self.servers.append(try FleetServer(json: server))
    }
    for shard in try json["shards"].elements() {
      self.shards.append(try ShardAssignment(json: shard))
      guard self.shards.last?.shard.rawValue == self.shards.count - 1 else {
        throw shard.mismatch(expected: "the shards in order, none left out")
      }
    }
    for change in try json["history"].elements() {
      self.history.append(try EpochChange(json: change))
    }
    self.changeCount = try json["change_count"].uint64()
    self.fingerprint = try json["fingerprint"].uint64()
  }

  /// Writes everything, always in the same order: equal configurations have equal texts.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", self.name)
      writer.member("parameters", self.parameters)
      writer.member("servers", self.servers)
      writer.member("shards", self.shards)
      writer.member("history", self.history)
      writer.member("change_count", self.changeCount)
      writer.member("fingerprint", self.fingerprint)
    }
  }

  /// The whole as bytes, for a snapshot.
  package var bytes: [UInt8] {
    var writer = JSONWriter()
    self.write(to: &writer)
    return writer.finish()
  }
}
