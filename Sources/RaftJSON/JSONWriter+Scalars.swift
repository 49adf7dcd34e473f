extension JSONWriter {
  /// Writes a string.
  public mutating func string(_ value: String) {
    self.startValue()
    self.quote(value)
  }

  /// Writes a number.
  public mutating func number(_ value: JSONNumber) {
    self.startValue()
    self.output.append(contentsOf: value.text.utf8)
  }

  /// Writes an integer.
  public mutating func number(_ value: UInt64) {
    self.startValue()
    self.digits(value)
  }

  /// Writes an integer.
  public mutating func number(_ value: Int64) {
    self.startValue()
    if value < 0 { self.output.append(UInt8(ascii: "-")) }
    self.digits(value.magnitude)
  }

  /// Embeds a value by its exact bytes, in either style.
  public mutating func raw(_ fragment: JSONFragment) {
    self.startValue()
    self.output.append(contentsOf: fragment.bytes)
  }

  /// Writes bytes as an array of numbers from 0 to 255, on one line in either style.
  public mutating func bytes(_ values: some Collection<UInt8>) {
    self.startValue()
    self.output.append(UInt8(ascii: "["))
    let done: Void? = values.withContiguousStorageIfAvailable { self.list($0) }
    if done == nil { Array(values).withUnsafeBufferPointer { self.list($0) } }
    self.output.append(UInt8(ascii: "]"))
  }

  mutating func literal(_ text: StaticString) {
    self.startValue()
    self.output.append(
      contentsOf: UnsafeBufferPointer(
        start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func digits(_ value: UInt64) {
    var rest = value
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      repeat {
        start -= 1
        let (tens, ones) = rest.quotientAndRemainder(dividingBy: 10)
        digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: ones)
        rest = tens
      } while rest != 0
      self.output.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// Writes the numbers with commas between them, in blocks made beside the output.
  private mutating func list(_ values: UnsafeBufferPointer<UInt8>) {
    let block = 1024
    // Counts high for the small numbers, and spares the growing steps.
    self.output.reserveCapacity(self.output.count + values.count * 4 + 1)
    Self.numbersWithComma.withUnsafeBufferPointer { words in
      withUnsafeTemporaryAllocation(byteCount: block * 4, alignment: 4) { text in
        var next = 0
        while next < values.count {
          var length = 0
          let end = Swift.min(next + block, values.count)
          while next < end {
            let value = values[next]
            text.storeBytes(of: words[Int(value)], toByteOffset: length, as: UInt32.self)
            length &+= 2 &+ (value >= 10 ? 1 : 0) &+ (value >= 100 ? 1 : 0)
            next &+= 1
          }
          if next == values.count { length -= 1 }
          self.output.append(contentsOf: text[..<length])
        }
      }
    }
  }

  /// The text of each byte's number with a comma behind it, up to four characters in a word.
  private static let numbersWithComma: [UInt32] = (0...255).map { value in
    let text = Array("\(value),".utf8)
    return UInt32(littleEndian: text.reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  mutating func quote(_ value: String) {
    self.output.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { self.escape($0) }
    self.output.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var written = 0
    for position in text.indices {
      let byte = text[position]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      self.output.append(contentsOf: UnsafeBufferPointer(rebasing: text[written..<position]))
      self.escape(byte)
      written = position + 1
    }
    self.output.append(contentsOf: UnsafeBufferPointer(rebasing: text[written...]))
  }

  private mutating func escape(_ byte: UInt8) {
    let letter: UInt8? =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
      case 0x08: UInt8(ascii: "b")
      case 0x09: UInt8(ascii: "t")
      case 0x0A: UInt8(ascii: "n")
      case 0x0C: UInt8(ascii: "f")
      case 0x0D: UInt8(ascii: "r")
      default: nil
      }
    self.output.append(UInt8(ascii: "\\"))
    if let letter {
      self.output.append(letter)
    } else {
      let digits: StaticString = "0123456789abcdef"
      self.output.append(contentsOf: [0x75, 0x30, 0x30])
      self.output.append(digits.utf8Start[Int(byte >> 4)])
      self.output.append(digits.utf8Start[Int(byte & 0xF)])
    }
  }
}
