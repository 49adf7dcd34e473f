extension JSONNode {
  /// The elements of the array, in order.
  public func elements() throws(JSONError) -> JSONElements {
    switch self.entry.kind {
    case .array, .numbers: JSONElements(self)
    default: throw self.error(.mismatch, expected: "an array")
    }
  }

  /// The members of the object, in the order of the text.
  public func members() throws(JSONError) -> JSONMembers {
    guard self.entry.kind == .object else { throw self.error(.mismatch, expected: "an object") }
    return JSONMembers(self)
  }

  /// The value of the member with this name, or `nil` if the object has none.
  ///
  /// Names are equal if their code points are. The search goes through the members in order:
  /// for objects of many members use ``members()``.
  public func member(_ name: String) throws(JSONError) -> JSONNode? {
    guard self.entry.kind == .object else { throw self.error(.mismatch, expected: "an object") }
    return self.document.value(named: name, in: self.index).map { JSONNode(self.document, at: $0) }
  }

  /// The value of the member with this name, or `nil` if the object has none or it is `null`.
  public func optional(_ name: String) throws(JSONError) -> JSONNode? {
    guard let value = try self.member(name), !value.isNull else { return nil }
    return value
  }

  /// The value of the member with this name, which must be there.
  public subscript(name: String) -> JSONNode {
    get throws(JSONError) {
      guard let value = try self.member(name) else {
        throw self.error(.missing, expected: "a member \"\(name)\"", found: "an object without it")
      }
      return value
    }
  }

  /// The element at this position, which must be there; counted from 0.
  ///
  /// The search goes through the array in order: for many elements use ``elements()``.
  public subscript(position: Int) -> JSONNode {
    get throws(JSONError) {
      var count = 0
      for element in try self.elements() {
        if count == position { return element }
        count += 1
      }
      throw self.error(
        .missing, expected: "an element [\(position)]", found: "an array of \(count)")
    }
  }
}

extension JSONDocument {
  /// The entry of the value with this name in an object.
  fileprivate func value(named name: String, in object: Int) -> Int? {
    var name = name
    return name.withUTF8 { name in
      self.bytes.withUnsafeBufferPointer { bytes in
        self.entries.withUnsafeBufferPointer { entries in
          var index = object + 1
          while index < entries[object].after {
            if Self.name(entries[index], in: bytes, equals: name) { return index + 1 }
            index = entries[index + 1].after
          }
          return nil
        }
      }
    }
  }

  private static func name(
    _ entry: JSONEntry, in bytes: UnsafeBufferPointer<UInt8>,
    equals name: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let body = UnsafeBufferPointer(rebasing: bytes[(entry.start + 1)..<(entry.end - 1)])
    return entry.kind == .name
      ? body.hasSameBytes(as: name) : JSONText.unescaped(Array(body)[...]).elementsEqual(name)
  }
}

/// The elements of an array, one after the other.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private let end: Int
  private var index: Int
  private var numbers: JSONNumberRanges?

  init(_ array: JSONNode) {
    self.document = array.document
    self.index = array.index + 1
    self.end = array.entry.after
    if array.entry.kind == .numbers {
      self.numbers = JSONNumberRanges(from: array.entry.start, upTo: array.entry.end)
    }
  }

  /// The next element, or `nil` after the last.
  public mutating func next() -> JSONNode? {
    if self.numbers != nil {
      return self.numbers?.next(in: self.document.bytes).map {
        JSONNode(self.document, numberAt: $0)
      }
    }
    guard self.index < self.end else { return nil }
    let node = JSONNode(self.document, at: self.index)
    self.index = node.entry.after
    return node
  }
}

/// The members of an object, one after the other.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private let end: Int
  private var index: Int

  init(_ object: JSONNode) {
    self.document = object.document
    self.index = object.index + 1
    self.end = object.entry.after
  }

  /// The next member, or `nil` after the last.
  public mutating func next() -> (name: String, value: JSONNode)? {
    guard self.index < self.end else { return nil }
    let name = self.document.entries[self.index]
    let value = JSONNode(self.document, at: self.index + 1)
    self.index = value.entry.after
    let characters = self.document.bytes[(name.start + 1)..<(name.end - 1)]
    return (JSONText.characters(of: characters, escaped: name.kind == .escapedName), value)
  }
}
