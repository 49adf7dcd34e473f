/// A source file as bytes, in which texts are found whatever their line breaks and indentation are.
package struct SourceText {
  package let path: String
  package let bytes: [UInt8]
  /// The bytes that are not white space, and where each of them stands.
  private let dense: [UInt8]
  private let places: [Int]

  package init(path: String, text: String) {
    self.path = path
    self.bytes = Array(text.utf8)
    self.places = self.bytes.indices.filter { [bytes = self.bytes] in !Self.isSpace(bytes[$0]) }
    self.dense = self.places.map { [bytes = self.bytes] in bytes[$0] }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }

  package subscript(range: Range<Int>) -> String {
    String(decoding: self.bytes[range], as: UTF8.self)
  }

  /// Where the text stands; with an anchor, its first place behind that.
  package func place(of text: String, after anchor: String?) throws(MutantError) -> Range<Int> {
    var start = 0
    if let anchor {
      guard let place = try self.only(anchor) else {
        throw MutantError("\(self.path) does not contain '\(anchor)' any more")
      }
      start = place.upperBound
    }
    let found =
      anchor == nil ? try self.only(text) : self.matches(text, from: start, atMost: 1).first
    guard let found else {
      throw MutantError("\(self.path) does not contain '\(Self.oneLine(text))' any more")
    }
    return self.places[found.lowerBound]..<(self.places[found.upperBound - 1] + 1)
  }

  /// The number of the line on which a byte stands, from 1.
  package func line(of place: Int) -> Int {
    self.bytes[..<place].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
  }

  /// What stands on the line of a byte, without indentation.
  package func lineText(at place: Int) -> String {
    let start = self.bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = self.bytes[place...].firstIndex(of: 0x0A) ?? self.bytes.count
    return String(self[start..<end].drop(while: \.isWhitespace))
  }

  static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func only(_ text: String) throws(MutantError) -> Range<Int>? {
    let found = self.matches(text, from: 0, atMost: 2)
    guard found.count < 2 else {
      throw MutantError("\(self.path) contains '\(Self.oneLine(text))' more than once")
    }
    return found.first
  }

  /// Places among the dense bytes.
  private func matches(_ text: String, from start: Int, atMost most: Int) -> [Range<Int>] {
    let wanted = text.utf8.filter { !Self.isSpace($0) }
    guard !wanted.isEmpty, wanted.count <= self.dense.count else { return [] }
    var found: [Range<Int>] = []
    var place = start
    while place + wanted.count <= self.dense.count, found.count < most {
      let range = place..<(place + wanted.count)
      if self.dense[place] == wanted[0], self.dense[range].elementsEqual(wanted) {
        found.append(range)
        place = range.upperBound
      } else {
        place += 1
      }
    }
    return found
  }
}
