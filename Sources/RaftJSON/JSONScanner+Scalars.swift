// Strings, numbers, literals and white space.
extension JSONScanner {
  /// The byte at the position, or NUL (which is legal nowhere in JSON) at the end.
  @inline(__always)
  var current: UInt8 { self.position < self.bytes.count ? self.bytes[self.position] : 0 }

  var isAtEnd: Bool { self.position >= self.bytes.count }

  func fault(_ problem: JSONFault.Problem) -> JSONFault {
    JSONFault(problem: problem, offset: self.position)
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while self.position < self.bytes.count {
      switch self.bytes[self.position] {
      case 0x20, 0x0A, 0x0D, 0x09: self.position += 1
      default: return
      }
    }
  }

  mutating func literal() throws(JSONFault) -> JSONEntry.Kind {
    let (text, kind): (StaticString, JSONEntry.Kind) =
      switch self.current {
      case UInt8(ascii: "n"): ("null", .null)
      case UInt8(ascii: "t"): ("true", .true)
      case UInt8(ascii: "f"): ("false", .false)
      default: throw self.fault(.value)
      }
    let end = self.position + text.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard end <= self.bytes.count, self.bytes[self.position..<end].elementsEqual(expected) else {
      throw self.fault(.literal)
    }
    self.position = end
    return kind
  }

  mutating func number() throws(JSONFault) {
    if self.current == UInt8(ascii: "-") { self.position += 1 }
    if self.current == UInt8(ascii: "0") {
      self.position += 1
      if self.isAtDigit { throw self.fault(.leadingZero) }
    } else {
      try self.digits()
    }
    if self.current == UInt8(ascii: ".") {
      self.position += 1
      try self.digits()
    }
    // Setting one bit turns "E" into "e".
    if self.current | 0x20 == UInt8(ascii: "e") {
      self.position += 1
      if self.current == UInt8(ascii: "+") || self.current == UInt8(ascii: "-") {
        self.position += 1
      }
      try self.digits()
    }
  }

  /// In an array, moves over numbers of one to three digits with a comma right behind, as in an
  /// array of bytes: four characters are looked at together, without a branch for each.
  mutating func skipByteNumbers() {
    while let number = JSONByteNumber(self.bytes, at: self.position), !number.hasLeadingZero {
      self.position &+= number.length
    }
    self.skipWhitespace()
  }

  @inline(__always)
  private var isAtDigit: Bool { self.current &- UInt8(ascii: "0") < 10 }

  private mutating func digits() throws(JSONFault) {
    guard self.isAtDigit else { throw self.fault(.digit) }
    while self.isAtDigit { self.position += 1 }
  }

  /// Reads a string from its opening quote on; true if it holds escapes.
  mutating func string() throws(JSONFault) -> Bool {
    var escaped = false
    self.position += 1
    while true {
      self.skipPlainCharacters()
      guard !self.isAtEnd else { throw self.fault(.stringEnd) }
      switch self.bytes[self.position] {
      case UInt8(ascii: "\""):
        self.position += 1
        return escaped
      case UInt8(ascii: "\\"):
        escaped = true
        try self.escape()
      case 0..<0x20:
        throw self.fault(.controlCharacter)
      default:
        try self.multibyteCharacter()
      }
    }
  }

  /// Moves to the next quote, backslash, control character or byte outside ASCII.
  ///
  /// Eight bytes at a time: in each byte of `stops` the high bit tells that the scan ends there.
  /// A borrow may set bits above the lowest one by mistake, never below it, so the lowest holds.
  @inline(__always)
  private mutating func skipPlainCharacters() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    while self.position &+ 8 <= self.bytes.count {
      let word = UInt64(
        littleEndian: UnsafeRawBufferPointer(self.bytes).loadUnaligned(
          fromByteOffset: self.position, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      let stops =
        ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        | ((word &- ones &* 0x20) & ~word) | word
      let high = stops & (ones &* 0x80)
      if high != 0 {
        self.position &+= high.trailingZeroBitCount / 8
        return
      }
      self.position &+= 8
    }
    while self.position < self.bytes.count {
      let byte = self.bytes[self.position]
      if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return }
      self.position += 1
    }
  }

  private mutating func escape() throws(JSONFault) {
    let start = self.position
    self.position += 1
    switch self.current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      self.position += 1
    case UInt8(ascii: "u"):
      let loneSurrogate = JSONFault(problem: .loneSurrogate, offset: start)
      switch try self.codeUnit() {
      case 0xD800...0xDBFF:
        guard self.current == UInt8(ascii: "\\") else { throw loneSurrogate }
        self.position += 1
        guard self.current == UInt8(ascii: "u"), 0xDC00...0xDFFF ~= (try self.codeUnit())
        else { throw loneSurrogate }
      case 0xDC00...0xDFFF: throw loneSurrogate
      default: break
      }
    default:
      throw self.fault(.escape)
    }
  }

  /// Reads `uXXXX`.
  private mutating func codeUnit() throws(JSONFault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      self.position += 1
      guard let digit = JSONText.hexDigit(self.current) else { throw self.fault(.hexDigit) }
      unit = unit << 4 | digit
    }
    self.position += 1
    return unit
  }

  /// Reads one character outside ASCII (the table of well-formed sequences of the Unicode
  /// standard: no overlong forms, no surrogates, nothing above U+10FFFF).
  private mutating func multibyteCharacter() throws(JSONFault) {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch self.bytes[self.position] {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: throw self.fault(.utf8)
      }
    guard self.position + length <= self.bytes.count, second ~= self.bytes[self.position + 1],
      length < 3 || self.bytes[self.position + 2] & 0xC0 == 0x80,
      length < 4 || self.bytes[self.position + 3] & 0xC0 == 0x80
    else { throw self.fault(.utf8) }
    self.position += length
  }
}
