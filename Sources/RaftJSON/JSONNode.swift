/// One value of a document: what it is, where it lies, and how to read it.
///
/// A node is a place, cheap to make and to pass on; it keeps the document alive. Every reading
/// verb throws a ``JSONError`` with the path of the value when it is not what was asked for.
public struct JSONNode: Sendable {
  let document: JSONDocument
  let entry: JSONEntry

  /// The index of the entry; -1 for a number in an array of numbers, which has none.
  let index: Int

  init(_ document: JSONDocument, at index: Int) {
    self.document = document
    self.entry = document.entries[index]
    self.index = index
  }

  init(_ document: JSONDocument, numberAt range: Range<Int>) {
    self.document = document
    self.entry = JSONEntry(
      kind: .number, start: range.lowerBound, end: range.upperBound, after: -1)
    self.index = -1
  }

  /// What the value is.
  public var kind: JSONKind {
    switch self.entry.kind {
    case .null: .null
    case .true, .false: .bool
    case .number: .number
    case .string, .escapedString: .string
    case .array, .numbers, .sealedArray: .array
    case .object, .sealedObject: .object
    case .name, .escapedName: preconditionFailure("a name is no value: \(self.entry)")
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { self.entry.kind == .null }

  /// Where the value's bytes lie in ``JSONDocument/bytes``.
  public var range: Range<Int> { self.entry.range }

  /// The value's exact bytes, ready to be embedded elsewhere; shares the document's memory.
  public var fragment: JSONFragment { JSONFragment(checked: self.document.bytes[self.range]) }

  /// The value's place for people, as in `$.entries[3].log_id`.
  public var path: String { self.document.path(to: self.entry.start) }

  /// The value as a tree; throws if a sealed value inside is too deep or repeats a name.
  public func json() throws(JSONError) -> JSON {
    switch self.entry.kind {
    case .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .number: return .number(try self.number())
    case .string, .escapedString: return .string(try self.string())
    case .array, .numbers:
      return .array(try self.elements().map { node throws(JSONError) in try node.json() })
    case .object:
      var object = JSONObject()
      for (name, value) in try self.members() { object.append(try value.json(), named: name) }
      return .object(object)
    case .sealedArray, .sealedObject:
      return try JSONDocument(Array(self.fragment.bytes)).root.json()
    case .name, .escapedName:
      preconditionFailure("a name is no value: \(self.entry)")
    }
  }
}

extension JSONNode {
  /// An error for a value that is well-formed, but not what its reader has a meaning for.
  ///
  /// - Parameter expected: What should be there, as in `"Blank" or an object`.
  public func mismatch(expected: String) -> JSONError {
    self.error(.mismatch, expected: expected)
  }
}

/// What a value is.
public enum JSONKind: Hashable, Sendable {
  /// `null`.
  case null

  /// `true` or `false`.
  case bool

  /// A number, whole or not.
  case number

  /// A string.
  case string

  /// An array.
  case array

  /// An object.
  case object
}

extension JSONNode {
  /// The longest part of a value that an error shows, in bytes.
  private static let longestExcerpt = 48

  func error(_ reason: JSONError.Reason, expected: String) -> JSONError {
    self.error(reason, expected: expected, found: self.summary)
  }

  func error(_ reason: JSONError.Reason, expected: String, found: String) -> JSONError {
    JSONError(
      reason: reason, path: self.path, offset: self.entry.start, expected: expected, found: found)
  }

  /// The value in a few words.
  private var summary: String {
    let bytes = self.document.bytes[self.range]
    let excerpt = JSONPath.excerpt(bytes, longest: Self.longestExcerpt)
    return switch self.entry.kind {
    case .number: "number \(excerpt)"
    case .string, .escapedString: "string \(excerpt)"
    case .array, .numbers: "an array"
    case .object: "an object"
    case .sealedArray: "an array that is kept verbatim"
    case .sealedObject: "an object that is kept verbatim"
    default: excerpt
    }
  }
}
