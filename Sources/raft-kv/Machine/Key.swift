/// A key of the map: a text that equals another if its characters are encoded alike.
///
/// Swift's own strings take two encodings of the same letter for equal; other servers and clients
/// of the same data do not.
struct Key: Hashable, Sendable {
  /// The text.
  let text: String

  /// A key.
  init(_ text: String) {
    self.text = text
  }

  static func == (left: Key, right: Key) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = self.text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension Key: Comparable {
  /// Orders keys by the bytes of their encoding.
  static func < (left: Key, right: Key) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension Key: CustomStringConvertible {
  /// The text.
  var description: String { self.text }
}
