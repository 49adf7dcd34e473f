/// The header fields of a message, in order; names are compared without regard to case.
public struct HTTPHeaders: Sendable {
  /// One field: a name and its value.
  public struct Field: Hashable, Sendable {
    /// The name, as it was written.
    public let name: String
    /// The value, without the space around it.
    public let value: String

    /// A field by name and value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  private var fields: [Field] = []

  /// No fields.
  public init() {}

  /// Fields in the order given.
  public init(_ fields: [Field]) {
    self.fields = fields
  }

  /// The first field's value by name; setting puts one field in the place of all of that name, and
  /// setting `nil` removes them.
  public subscript(name: String) -> String? {
    get { self.fields.first { HTTPHeaders.areEqual($0.name, name) }?.value }
    set {
      self.removeAll(named: name)
      if let newValue { self.append(name, newValue) }
    }
  }

  /// The values of all fields of one name, in order.
  public func values(named name: String) -> [String] {
    self.fields.filter { HTTPHeaders.areEqual($0.name, name) }.map(\.value)
  }

  /// Adds a field behind the others.
  public mutating func append(_ name: String, _ value: String) {
    self.fields.append(Field(name: name, value: value))
  }

  /// Removes all fields of one name.
  public mutating func removeAll(named name: String) {
    self.fields.removeAll { HTTPHeaders.areEqual($0.name, name) }
  }

  mutating func reserveCapacity(_ count: Int) {
    self.fields.reserveCapacity(count)
  }

  /// Whether two names are the same but for the case of ASCII letters.
  static func areEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.utf8, right.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { ByteClass.lowercased($0) == ByteClass.lowercased($1) }
  }
}

extension HTTPHeaders: RandomAccessCollection {
  /// The position of the first field.
  public var startIndex: Int { self.fields.startIndex }
  /// The position behind the last field.
  public var endIndex: Int { self.fields.endIndex }
  /// The field at a position.
  public subscript(position: Int) -> Field { self.fields[position] }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  /// Fields written as a literal, in its order.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field(name: $0.0, value: $0.1) })
  }
}

extension HTTPHeaders: Equatable {
  /// The same fields in the same order, names compared without regard to case.
  public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
    left.elementsEqual(right) { HTTPHeaders.areEqual($0.name, $1.name) && $0.value == $1.value }
  }
}

extension HTTPHeaders: CustomStringConvertible {
  /// The fields, one a line.
  public var description: String {
    self.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
  }
}
