public import RaftJSON

/// A value that has one shape in JSON, in which it is written and from which it is read back.
///
/// Reading skips members that it does not know, so that a later version may add some.
public protocol JSONShape: JSONWritable {
  /// Reads the value.
  ///
  /// - Throws: `JSONError` with the place of what does not fit; other people's bytes never do
  ///   worse.
  init(json: JSONNode) throws(JSONError)
}

extension JSONNode {
  /// The member with this name, which must be there, read as this type.
  public func member<Value: JSONShape>(
    _ name: String, as type: Value.Type
  ) throws(JSONError) -> Value {
    try Value(json: try self[name])
  }

  /// The member with this name, read as this type; `nil` if it is `null` or not there.
  public func optional<Value: JSONShape>(
    _ name: String, as type: Value.Type
  ) throws(JSONError) -> Value? {
    guard let node = try self.optional(name) else { return nil }
    return try Value(json: node)
  }
}

extension Optional: JSONShape where Wrapped: JSONShape {
  /// Reads the value, or `nil` from `null`.
  public init(json: JSONNode) throws(JSONError) {
    self = json.isNull ? nil : try Wrapped(json: json)
  }
}

extension Array: JSONShape where Element: JSONShape {
  /// Reads an array.
  public init(json: JSONNode) throws(JSONError) {
    self = try json.elements().map { node throws(JSONError) in try Element(json: node) }
  }
}

extension JSON: JSONShape {
  /// Reads any value.
  public init(json: JSONNode) throws(JSONError) {
    self = try json.json()
  }
}

extension JSONFragment: JSONShape {
  /// Takes any value by its exact bytes.
  public init(json: JSONNode) {
    self = json.fragment
  }
}

extension String: JSONShape {
  /// Reads a string.
  public init(json: JSONNode) throws(JSONError) {
    self = try json.string()
  }
}

extension UInt64: JSONShape {
  /// Reads an unsigned integer.
  public init(json: JSONNode) throws(JSONError) {
    self = try json.uint64()
  }
}
