package import RaftJSON

/// A change of one shard's assignment, and what caused it.
package struct EpochChange: Hashable, Sendable {
  /// The place in the log of the command that caused it.
  package let index: UInt64
  /// Why, in a few words.
  package let cause: String
  /// The assignment since.
  package let assignment: ShardAssignment

  package init(index: UInt64, cause: String, assignment: ShardAssignment) {
    self.index = index
    self.cause = cause
    self.assignment = assignment
  }
}

extension EpochChange: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.index = try json["index"].uint64()
    self.cause = try json["cause"].string()
    self.assignment = try ShardAssignment(json: json["assignment"])
  }

  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("index", self.index)
      writer.member("cause", self.cause)
      writer.member("assignment", self.assignment)
    }
  }
}
