package import RaftJSON

/// A server of the fleet, by the number of its node.
package struct ServerID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number.
  package let rawValue: UInt64

  /// The server with this number.
  package init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  package static func < (left: ServerID, right: ServerID) -> Bool {
    left.rawValue < right.rawValue
  }

  package var description: String { String(self.rawValue) }
}

/// A share of all devices, by its place among the shards, from 0 on.
package struct ShardID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The place.
  package let rawValue: Int

  /// The shard at this place.
  package init(_ rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The shard that a device's readings belong to, of so many.
  package init(of device: String, among count: Int) {
    self.rawValue = Int(StableHash.of(device) % UInt64(count))
  }

  package static func < (left: ShardID, right: ShardID) -> Bool {
    left.rawValue < right.rawValue
  }

  package var description: String { String(self.rawValue) }
}

/// Counts the changes of one shard's assignment; each epoch has one primary at most.
package struct Epoch: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The count.
  package let rawValue: UInt64

  /// Before the first assignment.
  package static let zero = Epoch(0)

  /// The epoch with this number.
  package init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The one that follows.
  package var next: Epoch { Epoch(self.rawValue + 1) }

  package static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }

  package var description: String { String(self.rawValue) }
}

extension ServerID: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.rawValue = try json.uint64()
  }

  package func write(to writer: inout JSONWriter) { writer.number(self.rawValue) }
}

extension ShardID: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    let place = try json.int()
    guard place >= 0 else { throw json.mismatch(expected: "the number of a shard") }
    self.rawValue = place
  }

  package func write(to writer: inout JSONWriter) { writer.number(Int64(self.rawValue)) }
}

extension Epoch: JSONWritable {
  package init(json: JSONNode) throws(JSONError) {
    self.rawValue = try json.uint64()
  }

  package func write(to writer: inout JSONWriter) { writer.number(self.rawValue) }
}
