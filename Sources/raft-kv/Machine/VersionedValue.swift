import Raft
import RaftHTTPTransport
import RaftJSON

/// What the map holds under a key: a text, and the index of the log entry that wrote it.
struct VersionedValue: Sendable {
  /// The text.
  let value: String
  /// The index of the log entry that wrote it; grows with every write to the key.
  let version: UInt64
}

extension VersionedValue: Equatable {
  static func == (left: VersionedValue, right: VersionedValue) -> Bool {
    left.version == right.version && left.value.utf8.elementsEqual(right.value.utf8)
  }
}

extension VersionedValue: JSONShape {
  /// Reads `{"value":"bar","version":3}`.
  init(json: JSONNode) throws(JSONError) {
    self.init(
      value: try json["value"].string(), version: try json["version"].uint64())
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("value", self.value)
      writer.member("version", self.version)
    }
  }
}

/// What the map answers to a command or a read: `{"value":{…}}` or `{"value":null}`.
struct KVResponse: Equatable, Sendable, JSONShape {
  /// What the key holds now; `nil` if there is nothing, or if a compare-and-set met another
  /// version.
  let value: VersionedValue?

  /// An answer.
  init(value: VersionedValue?) {
    self.value = value
  }

  /// Reads `{"value":…}`.
  init(json: JSONNode) throws(JSONError) {
    self.init(value: try json.optional("value", as: VersionedValue.self))
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("value", self.value) }
  }
}

/// What a writer gets back: the answer, and where in the log the command stands.
struct KVReceipt: Equatable, Sendable {
  /// Where the command stands.
  let logID: LogID
  /// The answer.
  let response: KVResponse
}
