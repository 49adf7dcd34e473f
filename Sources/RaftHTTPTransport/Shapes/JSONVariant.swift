internal import RaftJSON

/// One of several alternatives, as JSON names it: `"Name"` alone, or `{"Name":content}`.
struct JSONVariant {
  /// Which alternative.
  let name: String
  /// The content; `nil` if the name stands alone.
  let content: JSONNode?
  /// The whole value, for errors.
  let node: JSONNode

  init(_ node: JSONNode) throws(JSONError) {
    self.node = node
    guard node.kind == .object else {
      self.name = try node.string()
      self.content = nil
      return
    }
    var members = try node.members()
    guard let only = members.next(), members.next() == nil else {
      throw node.mismatch(expected: "an object with exactly one member, named as the alternative")
    }
    self.name = only.name
    self.content = only.value
  }

  /// The content of an alternative that has one.
  func required() throws(JSONError) -> JSONNode {
    guard let content = self.content else {
      throw self.node.mismatch(expected: "an object {\"\(self.name)\":…}")
    }
    return content
  }

  /// An error for a name that means nothing here.
  func unknown(_ what: String) -> JSONError {
    self.node.mismatch(expected: what)
  }
}

extension JSONWriter {
  /// Writes `{"Name":content}`.
  mutating func variant(_ name: String, _ content: some JSONWritable) {
    self.object { $0.member(name, content) }
  }

  /// Writes `{"Name":{…}}`; the body writes the inner members.
  mutating func variant(_ name: String, _ members: (inout JSONWriter) -> Void) {
    self.object { writer in writer.member(name) { $0.object(members) } }
  }

  /// Writes `{"Name":{"message":"…"}}`.
  mutating func variant(_ name: String, message: some CustomStringConvertible) {
    self.variant(name) { $0.member("message", String(describing: message)) }
  }
}

/// The words of an enumeration without contents.
struct JSONWords<Value: Equatable & Sendable>: Sendable {
  /// Each value with its word.
  let words: KeyValuePairs<String, Value>

  func word(for value: Value) -> String {
    guard let pair = self.words.first(where: { $0.value == value }) else {
      preconditionFailure("no word for \(value)")
    }
    return pair.key
  }

  func value(of node: JSONNode) throws(JSONError) -> Value {
    let word = try node.string()
    guard let pair = self.words.first(where: { $0.key == word }) else {
      let known = self.words.map { "\"\($0.key)\"" }.joined(separator: ", ")
      throw node.mismatch(expected: "one of \(known)")
    }
    return pair.value
  }
}
