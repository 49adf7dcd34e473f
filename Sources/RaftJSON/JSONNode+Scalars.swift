extension JSONNode {
  /// The truth value.
  public func bool() throws(JSONError) -> Bool {
    switch self.entry.kind {
    case .true: true
    case .false: false
    default: throw self.error(.mismatch, expected: "true or false")
    }
  }

  /// The characters of the string, its escapes resolved.
  public func string() throws(JSONError) -> String {
    guard self.kind == .string else { throw self.error(.mismatch, expected: "a string") }
    let body = self.document.bytes[(self.entry.start + 1)..<(self.entry.end - 1)]
    return JSONText.characters(of: body, escaped: self.entry.kind == .escapedString)
  }

  /// The number with its exact text.
  public func number() throws(JSONError) -> JSONNumber {
    JSONNumber(checked: String(decoding: try self.numberText("a number"), as: UTF8.self))
  }

  /// The number as the nearest `Double`; a number too large for one is out of range.
  public func double() throws(JSONError) -> Double {
    guard let value = try self.number().double else {
      throw self.error(.outOfRange, expected: "a number that fits into a double")
    }
    return value
  }

  /// The number as an integer of 64 bits without sign.
  ///
  /// Only digits make an integer: `1.0` and `1e3` are refused, as a writer of integers never
  /// writes them.
  public func uint64() throws(JSONError) -> UInt64 { try self.integer(as: UInt64.self) }

  /// The number as an integer of 64 bits.
  ///
  /// Only digits and a minus make an integer: `1.0` and `1e3` are refused, as a writer of
  /// integers never writes them.
  public func int64() throws(JSONError) -> Int64 { try self.integer(as: Int64.self) }

  /// The number as an `Int`.
  ///
  /// Only digits and a minus make an integer: `1.0` and `1e3` are refused, as a writer of
  /// integers never writes them.
  public func int() throws(JSONError) -> Int { try self.integer(as: Int.self) }

  /// The number as an integer of any width.
  ///
  /// Only digits and a minus make an integer: `1.0` and `1e3` are refused, as a writer of
  /// integers never writes them.
  public func integer<Value: FixedWidthInteger>(
    as type: Value.Type
  ) throws(JSONError) -> Value {
    let noun = Value.isSigned ? "an integer" : "an unsigned integer"
    switch JSONText.integer(try self.numberText(noun), as: type) {
    case .value(let value): return value
    case .notAnInteger: throw self.error(.mismatch, expected: noun)
    case .outOfRange:
      throw self.error(.outOfRange, expected: "an integer from \(Value.min) to \(Value.max)")
    }
  }

  private func numberText(_ expected: @autoclosure () -> String) throws(JSONError)
    -> ArraySlice<UInt8>
  {
    guard self.entry.kind == .number else { throw self.error(.mismatch, expected: expected()) }
    return self.document.bytes[self.range]
  }

  /// The bytes that an array of numbers from 0 to 255 stands for.
  ///
  /// It reads the text straight into the result, with no value made for an element.
  public func bytes() throws(JSONError) -> [UInt8] {
    guard self.entry.kind == .numbers else {
      for element in try self.elements() { _ = try element.integer(as: UInt8.self) }
      preconditionFailure("an array of other than numbers holds nothing else: \(self.entry)")
    }
    var fault: Int?
    let result = self.document.bytes.withUnsafeBufferPointer { text in
      let body = UnsafeBufferPointer(rebasing: text[(self.entry.start + 1)..<self.entry.end])
      let capacity = Self.countOfCommas(in: body) + 1
      return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        fault = Self.readBytes(body, into: output, count: &count)
      }
    }
    if let fault {
      var numbers = JSONNumberRanges(from: self.entry.start + fault, upTo: self.entry.end)
      let range = numbers.next(in: self.document.bytes) ?? self.range
      _ = try JSONNode(self.document, numberAt: range).integer(as: UInt8.self)
      preconditionFailure("a number at \(range) was refused as a byte, and is one")
    }
    return result
  }

  private static func countOfCommas(in text: UnsafeBufferPointer<UInt8>) -> Int {
    // Lanes of 16 bytes count up to 255 before they are added up.
    let raw = UnsafeRawBufferPointer(text)
    let commas = SIMD16<UInt8>(repeating: UInt8(ascii: ","))
    var count = 0
    var position = 0
    while position &+ 16 <= raw.count {
      let end = Swift.min(position &+ 16 &* 255, raw.count &- 15)
      var lanes = SIMD16<UInt8>.zero
      while position < end {
        let bytes = raw.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
        lanes &+= SIMD16<UInt8>.zero.replacing(with: 1, where: bytes .== commas)
        position &+= 16
      }
      count += Int(SIMD16<UInt16>(truncatingIfNeeded: lanes).wrappedSum())
    }
    for byte in raw[position...] where byte == UInt8(ascii: ",") { count += 1 }
    return count
  }

  /// Reads the numbers up to the closing bracket that ends `body`; gives the place of the first
  /// that is no byte.
  private static func readBytes(
    _ body: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
    count: inout Int
  ) -> Int? {
    var position = 0
    while position < body.count {
      if let number = JSONByteNumber(body, at: position), number.value <= 255 {
        output[count] = UInt8(truncatingIfNeeded: number.value)
        count &+= 1
        position &+= number.length
        continue
      }
      let start = position
      var value: UInt32 = 0
      // The bracket at the end stops this loop; no more than four digits are ever added up.
      while case let digit = body[position] &- UInt8(ascii: "0"), digit < 10 {
        value = value &* 10 &+ UInt32(digit)
        position &+= 1
        if value > 255 { return start }
      }
      switch body[position] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09:
        if position > start {
          output[count] = UInt8(truncatingIfNeeded: value)
          count &+= 1
        }
        position &+= 1
      default:
        return start
      }
    }
    return nil
  }
}
