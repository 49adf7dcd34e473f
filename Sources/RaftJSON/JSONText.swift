/// What the bytes of a checked string or integer stand for.
enum JSONText {
  /// The characters of a string that the scanner has accepted, given without its quotes.
  static func characters(of body: ArraySlice<UInt8>, escaped: Bool) -> String {
    escaped
      ? String(decoding: Self.unescaped(body), as: UTF8.self)
      : String(decoding: body, as: UTF8.self)
  }

  /// The UTF-8 of a string's body with its escapes resolved.
  static func unescaped(_ body: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var position = body.startIndex
    while position < body.endIndex {
      let byte = body[position]
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        position += 1
        continue
      }
      let letter = body[position + 1]
      position += 2
      guard letter == UInt8(ascii: "u") else {
        result.append(Self.character(escapedAs: letter))
        continue
      }
      var scalar = Self.codeUnit(body[position..<position + 4])
      position += 4
      if 0xD800...0xDBFF ~= scalar {
        // The scanner has seen the other half, after another "\u".
        let low = Self.codeUnit(body[position + 2..<position + 6])
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        position += 6
      }
      guard let character = Unicode.Scalar(scalar) else {
        preconditionFailure("the scanner let the surrogate \(scalar) through")
      }
      result.append(contentsOf: UTF8.encode(character).unsafelyUnwrapped)
    }
    return result
  }

  private static func character(escapedAs letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  private static func codeUnit(_ digits: ArraySlice<UInt8>) -> UInt32 {
    digits.reduce(0) { $0 << 4 | UInt32(Self.hexDigit($1) ?? 0) }
  }

  static func hexDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// How a number's text reads as an integer.
  enum Integer<Value: FixedWidthInteger> {
    case value(Value)
    case outOfRange
    case notAnInteger
  }

  /// Reads a number's text as an integer; a fraction or exponent makes it none.
  static func integer<Value: FixedWidthInteger>(
    _ text: ArraySlice<UInt8>, as type: Value.Type
  ) -> Integer<Value> {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text
    guard digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return .notAnInteger }
    if isNegative && !Value.isSigned { return .outOfRange }
    var value: Value = 0
    for byte in digits {
      let digit = Value(truncatingIfNeeded: byte - UInt8(ascii: "0"))
      let (tens, tooLong) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooBig) =
        isNegative
        ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      if tooLong || tooBig { return .outOfRange }
      value = sum
    }
    return .value(value)
  }
}
