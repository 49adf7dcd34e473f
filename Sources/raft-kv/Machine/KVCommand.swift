import RaftHTTPTransport
import RaftJSON

/// A wish to change the map.
enum KVCommand: Sendable {
  /// Put the value under the key, whatever is there. Doing it twice does no harm.
  case set(key: Key, value: String)
  /// Put the value under the key if what is there has this version.
  case compareAndSet(key: Key, expectedVersion: UInt64, value: String)

  /// The key.
  var key: Key {
    switch self {
    case .set(let key, _), .compareAndSet(let key, _, _): key
    }
  }
}

extension KVCommand: JSONShape {
  /// Reads `{"Set":{…}}` or `{"CompareAndSet":{…}}`.
  init(json: JSONNode) throws(JSONError) {
    var members = try json.members()
    guard let (name, content) = members.next(), members.next() == nil else {
      throw json.mismatch(expected: "an object with one member, \"Set\" or \"CompareAndSet\"")
    }
    switch name {
    case "Set":
      self = .set(
        key: Key(try content["key"].string()), value: try content["value"].string())
    case "CompareAndSet":
      self = .compareAndSet(
        key: Key(try content["key"].string()),
        expectedVersion: try content["expected_version"].uint64(),
        value: try content["value"].string())
    default:
      throw json.mismatch(expected: "\"Set\" or \"CompareAndSet\"")
    }
  }

  /// Reads a command's whole text.
  init(parsing bytes: [UInt8]) throws(JSONError) {
    try self.init(json: JSONDocument(bytes).root)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      switch self {
      case .set(let key, let value):
        writer.member("Set") { writer in
          writer.object { writer in
            writer.member("key", key.text)
            writer.member("value", value)
          }
        }
      case .compareAndSet(let key, let expectedVersion, let value):
        writer.member("CompareAndSet") { writer in
          writer.object { writer in
            writer.member("key", key.text)
            writer.member("expected_version", expectedVersion)
            writer.member("value", value)
          }
        }
      }
    }
  }

  /// The command as compact JSON: the form in which the log keeps it.
  var bytes: [UInt8] { self.jsonBytes() }
}
