package import RaftJSON

/// What the placement of replicas aims at.
package struct PlacementParameters: Hashable, Sendable {
  /// How many replicas each shard shall have; 1 to 9.
  package var replicas = 2
  /// How many shards may have a replica that is being filled, at once; 1 to 1000.
  package var shardsInMotion = 4
  /// How much of the average one server may hold, in percent; 100 to 1000.
  package var loadPercent = 125

  /// Two replicas each.
  package init() {}

  /// What is wrong; `nil` if nothing is.
  package var fault: String? {
    if !(1...9).contains(self.replicas) { return "replicas must be 1 to 9, not \(self.replicas)" }
    if !(1...1000).contains(self.shardsInMotion) {
      return "shards in motion must be 1 to 1000, not \(self.shardsInMotion)"
    }
    if !(100...1000).contains(self.loadPercent) {
      return "the load must be 100 to 1000 percent, not \(self.loadPercent)"
    }
    return nil
  }
}

extension PlacementParameters: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.init()
    if let value = try json.optional("replicas") { self.replicas = try value.int() }
    if let value = try json.optional("shards_in_motion") { self.shardsInMotion = try value.int() }
    if let value = try json.optional("load_percent") { self.loadPercent = try value.int() }
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("replicas", self.replicas)
      writer.member("shards_in_motion", self.shardsInMotion)
      writer.member("load_percent", self.loadPercent)
    }
  }
}
