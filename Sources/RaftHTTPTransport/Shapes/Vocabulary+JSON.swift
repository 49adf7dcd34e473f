public import Raft
public import RaftJSON

/// The largest term or index that is read: far beyond any real one, and far enough from the end
/// of the numbers that the protocol can count on from it.
let largestOrdinal: UInt64 = (1 << 62) - 1

extension JSONNode {
  /// A term or an index.
  func ordinal() throws(JSONError) -> UInt64 {
    let value = try self.uint64()
    guard value <= largestOrdinal else {
      throw self.mismatch(expected: "an integer from 0 to \(largestOrdinal)")
    }
    return value
  }
}

extension NodeID: JSONShape {
  /// Writes the number.
  public func write(to writer: inout JSONWriter) {
    writer.number(self.rawValue)
  }

  /// Reads the number.
  public init(json: JSONNode) throws(JSONError) {
    self.init(try json.uint64())
  }

  /// Reads the number from the name of a member of `object`.
  init(name: String, of object: JSONNode) throws(JSONError) {
    // One id, one name: `01` or `+1` could stand beside `1`.
    guard let number = UInt64(name), String(number) == name else {
      throw object.mismatch(expected: "node ids in plain digits as names, not \"\(name)\"")
    }
    self.init(number)
  }
}

extension LeaderID: JSONShape {
  /// Writes `{"term":1,"node_id":2}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("term", self.term.rawValue)
      writer.member("node_id", self.node)
    }
  }

  /// Reads `{"term":1,"node_id":2}`.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      term: Term(try json["term"].ordinal()), node: try json.member("node_id", as: NodeID.self))
  }
}

extension LogID: JSONShape {
  /// Writes `{"leader_id":…,"index":3}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("leader_id", self.leader)
      writer.member("index", self.index.rawValue)
    }
  }

  /// Reads `{"leader_id":…,"index":3}`.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      leader: try json.member("leader_id", as: LeaderID.self),
      index: LogIndex(try json["index"].ordinal()))
  }
}

extension Vote: JSONShape {
  /// Writes `{"leader_id":…,"committed":true}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("leader_id", self.leader)
      writer.member("committed", self.isCommitted)
    }
  }

  /// Reads `{"leader_id":…,"committed":true}`.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      leader: try json.member("leader_id", as: LeaderID.self),
      isCommitted: try json["committed"].bool())
  }
}

extension Incarnation: JSONShape {
  /// Writes sixteen hexadecimal digits in a string.
  public func write(to writer: inout JSONWriter) {
    writer.string(self.description)
  }

  /// Reads sixteen hexadecimal digits from a string.
  public init(json: JSONNode) throws(JSONError) {
    guard let value = Incarnation(text: try json.string()) else {
      throw json.mismatch(expected: "sixteen lower-case hexadecimal digits")
    }
    self = value
  }

  /// Reads what ``description`` writes; `nil` for any other form.
  init?(text: String) {
    guard let number = Hexadecimal.number(text) else { return nil }
    self.init(number)
  }
}

extension ClusterID: JSONShape {
  /// Writes the id's text in a string.
  public func write(to writer: inout JSONWriter) {
    writer.string(self.description)
  }

  /// Reads the id's text from a string.
  public init(json: JSONNode) throws(JSONError) {
    guard let value = ClusterID(try json.string()) else {
      throw json.mismatch(expected: "a cluster id of 32 lower-case hexadecimal digits")
    }
    self = value
  }
}
