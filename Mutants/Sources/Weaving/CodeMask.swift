/// A source file in which comments, literals and what is not to be changed are blank.
struct CodeMask {
  /// A condition of a `guard` or an `if` that binds nothing.
  struct Condition: Equatable {
    let range: Range<Int>
    let isGuard: Bool
  }

  private var bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.blankCommentsAndLiterals()
    self.blankPreconditions()
    self.blankDescriptions()
  }

  private func has(_ text: StaticString, at place: Int) -> Bool {
    text.withUTF8Buffer { wanted in
      place + wanted.count <= self.bytes.count
        && self.bytes[place..<(place + wanted.count)].elementsEqual(wanted)
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for place in range where self.bytes[place] != UInt8(ascii: "\n") {
      self.bytes[place] = UInt8(ascii: " ")
    }
  }

  // MARK: Blanks

  private mutating func blankCommentsAndLiterals() {
    var place = 0
    while place < self.bytes.count {
      let start = place
      if self.has("//", at: place) {
        while place < self.bytes.count, self.bytes[place] != UInt8(ascii: "\n") { place += 1 }
      } else if self.has("\"\"\"", at: place) {
        place += 3
        while place < self.bytes.count, !self.has("\"\"\"", at: place) { place += 1 }
        place = min(place + 3, self.bytes.count)
      } else if self.bytes[place] == UInt8(ascii: "\"") {
        place += 1
        while place < self.bytes.count, self.bytes[place] != UInt8(ascii: "\"") {
          place += self.bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = min(place + 1, self.bytes.count)
      } else {
        place += 1
        continue
      }
      self.blank(start..<place)
    }
  }

  /// The engine's own checks are no part of what it does.
  private mutating func blankPreconditions() {
    var place = 0
    while place < self.bytes.count {
      guard self.has("precondition(", at: place) else {
        place += 1
        continue
      }
      let end = self.end(ofBracketAt: place + 12)
      self.blank(place..<end)
      place = end
    }
  }

  /// What is printed is no part of the protocol.
  private mutating func blankDescriptions() {
    for start in self.bytes.indices where self.has("\nextension ", at: start) {
      let line = self.bytes[(start + 1)...].prefix { $0 != UInt8(ascii: "{") }
      guard String(decoding: line, as: UTF8.self).contains("CustomStringConvertible") else {
        continue
      }
      self.blank(start..<self.end(ofBracketAt: line.endIndex))
    }
  }

  /// The place behind the bracket that closes this one.
  private func end(ofBracketAt start: Int) -> Int {
    var depth = 0
    for place in start..<self.bytes.count {
      depth += self.depthChange(at: place)
      if depth == 0 { return place + 1 }
    }
    return self.bytes.count
  }

  private func depthChange(at place: Int) -> Int {
    switch self.bytes[place] {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): -1
    default: 0
    }
  }

  // MARK: What can be changed

  /// All operators that have white space on both sides, as the house style wants it.
  func operators() -> [(Range<Int>, MechanicalMutant.Operation)] {
    var found: [(Range<Int>, MechanicalMutant.Operation)] = []
    for place in self.bytes.indices.dropFirst()
    where SourceText.isSpace(self.bytes[place - 1]) && !self.isDeclaration(place) {
      for operation in MechanicalMutant.Operation.allCases {
        let wanted = Array(operation.rawValue.utf8)
        let end = place + wanted.count
        guard end < self.bytes.count, self.bytes[place..<end].elementsEqual(wanted),
          operation.isOfOne ? !self.isWord(self.bytes[end]) : SourceText.isSpace(self.bytes[end])
        else { continue }
        // Of `+ 1` only the sign is exchanged.
        let length = operation.isOfOne ? 1 : wanted.count
        found.append((place..<(place + length), operation))
      }
    }
    return found
  }

  private func isWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  /// Whether the line declares a function, perhaps this very operator.
  private func isDeclaration(_ place: Int) -> Bool {
    let start = self.bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return String(decoding: self.bytes[start..<place], as: UTF8.self).contains("func ")
  }

  /// All conditions of `guard` and `if` but those that bind names or match patterns.
  func conditions() -> [Condition] {
    var found: [Condition] = []
    for place in self.bytes.indices.dropFirst() where SourceText.isSpace(self.bytes[place - 1]) {
      if self.has("guard ", at: place) {
        found += self.clauses(from: place + 6) { $0.has("else ", at: $1) }
          .map { Condition(range: $0, isGuard: true) }
      } else if self.has("if ", at: place) {
        found += self.clauses(from: place + 3) { $0.has("{", at: $1) }
          .map { Condition(range: $0, isGuard: false) }
      }
    }
    return found
  }

  private func clauses(from start: Int, until isEnd: (CodeMask, Int) -> Bool) -> [Range<Int>] {
    var clauses: [Range<Int>] = []
    var first = start
    var place = start
    var depth = 0
    while place < self.bytes.count {
      let isOver = depth == 0 && isEnd(self, place)
      if isOver || depth == 0 && self.bytes[place] == UInt8(ascii: ",") {
        let clause = self.trimmed(first..<place)
        let isPlain =
          !self.has("let ", at: clause.lowerBound)
          && !self.has("case ", at: clause.lowerBound) && !self.has("var ", at: clause.lowerBound)
        if isPlain, !clause.isEmpty { clauses.append(clause) }
        if isOver { break }
        first = place + 1
      }
      depth += self.depthChange(at: place)
      place += 1
    }
    return clauses
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, SourceText.isSpace(self.bytes[first]) { range.removeFirst() }
    while let last = range.last, SourceText.isSpace(self.bytes[last]) { range.removeLast() }
    return range
  }
}

extension MechanicalMutant.Operation {
  /// Whether it adds or takes away one.
  var isOfOne: Bool { self == .plusOne || self == .minusOne }
}
