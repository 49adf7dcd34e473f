/// A JSON value as a tree, to build, compare and print.
///
/// To *read* values out of a text, ``JSONDocument`` is the better start: it makes no tree and
/// its errors know the place. To *write* a known shape fast, use ``JSONWriter``.
/// ```swift
/// let status: JSON = ["id": 1, "leader": `nil`, "peers": ["a", "b"]]
/// print(status.text(.indented))
/// ```
public enum JSON: Hashable, Sendable {
  /// `null`.
  case null

  /// `true` or `false`.
  case bool(Bool)

  /// A number by its exact text.
  case number(JSONNumber)

  /// A string.
  case string(String)

  /// Values in order.
  case array([JSON])

  /// Named values in order.
  case object(JSONObject)

  /// How many arrays and objects may lie inside each other, the outermost included.
  ///
  /// It is a constant, as a value that one member of a cluster accepts must pass at all others.
  public static let maximumDepth = 128

  /// Parses a text as strictly as ``JSONDocument``; throws a ``JSONError`` that says where.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self = try JSONDocument(bytes).root.json()
  }

  /// Parses a text as strictly as ``JSONDocument``; throws a ``JSONError`` that says where.
  public init(parsing text: String) throws(JSONError) {
    self = try JSONDocument(text).root.json()
  }

  /// The value of the member with this name; `nil` if there is none, or this is no object.
  public subscript(name: String) -> JSON? {
    guard case .object(let object) = self else { return nil }
    return object[name]
  }

  /// The element at this position; `nil` if there is none, or this is no array.
  public subscript(position: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(position) else { return nil }
    return elements[position]
  }

  /// The value's text in UTF-8.
  public func bytes(_ style: JSONWriter.Style = .compact) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.write(self)
    return writer.finish()
  }

  /// The value's text.
  public func text(_ style: JSONWriter.Style = .compact) -> String {
    String(decoding: self.bytes(style), as: UTF8.self)
  }
}

extension JSON: CustomStringConvertible {
  /// The value's compact text.
  public var description: String { self.text() }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// The value `null`.
  public init(nilLiteral: ()) {
    self = .null
  }

  /// A truth value.
  public init(booleanLiteral value: Bool) {
    self = .bool(value)
  }

  /// An integer.
  public init(integerLiteral value: Int64) {
    self = .number(JSONNumber(value))
  }

  /// A number, which must be finite.
  public init(floatLiteral value: Double) {
    guard let number = JSONNumber(value) else {
      preconditionFailure("JSON has no text for the number \(value)")
    }
    self = .number(number)
  }

  /// A string.
  public init(stringLiteral value: String) {
    self = .string(value)
  }

  /// An array.
  public init(arrayLiteral elements: JSON...) {
    self = .array(elements)
  }

  /// An object with the members in the order of the literal; a name must not appear twice.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    var object = JSONObject()
    for (name, value) in elements {
      precondition(object[name] == nil, "the object has two members named \"\(name)\"")
      object.append(value, named: name)
    }
    self = .object(object)
  }
}
