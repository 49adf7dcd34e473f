/// A type whose values know how they are written as JSON.
public protocol JSONWritable {
  /// Writes exactly one value.
  func write(to writer: inout JSONWriter)
}

extension Bool: JSONWritable {
  /// Writes `true` or `false`.
  public func write(to writer: inout JSONWriter) {
    writer.literal(self ? "true" : "false")
  }
}

extension UInt64: JSONWritable {
  /// Writes the number in digits.
  public func write(to writer: inout JSONWriter) {
    writer.number(self)
  }
}

extension Int64: JSONWritable {
  /// Writes the number in digits.
  public func write(to writer: inout JSONWriter) {
    writer.number(self)
  }
}

extension Int: JSONWritable {
  /// Writes the number in digits.
  public func write(to writer: inout JSONWriter) {
    writer.number(Int64(self))
  }
}

extension String: JSONWritable {
  /// Writes the string in quotes.
  public func write(to writer: inout JSONWriter) {
    writer.string(self)
  }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
  /// Writes the value, or `null` for `nil`.
  @inlinable
  public func write(to writer: inout JSONWriter) {
    switch self {
    case let value?: value.write(to: &writer)
    case nil: writer.null()
    }
  }
}

extension Array: JSONWritable where Element: JSONWritable {
  /// Writes an array.
  @inlinable
  public func write(to writer: inout JSONWriter) {
    writer.array(self) { writer, element in element.write(to: &writer) }
  }
}

extension JSONNumber: JSONWritable {
  /// Writes the number's text.
  public func write(to writer: inout JSONWriter) {
    writer.number(self)
  }
}

extension JSONFragment: JSONWritable {
  /// Embeds the exact bytes.
  public func write(to writer: inout JSONWriter) {
    writer.raw(self)
  }
}

extension JSONObject: JSONWritable {
  /// Writes the members in order.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      for member in self.members { writer.member(member.name, member.value) }
    }
  }
}

extension JSON: JSONWritable {
  /// Writes the tree.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): value.write(to: &writer)
    case .number(let number): writer.number(number)
    case .string(let text): writer.string(text)
    case .array(let elements): elements.write(to: &writer)
    case .object(let object): object.write(to: &writer)
    }
  }
}
