import Glibc

/// What a byte may be in the grammar of HTTP (RFC 9110 §5.6).
enum ByteClass {
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let colon = UInt8(ascii: ":")

  /// One bit per ASCII character that may stand in a name or a method.
  private static let tokenBits: (UInt64, UInt64) = {
    var bits: (UInt64, UInt64) = (0, 0)
    let plain = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for byte in plain.utf8 {
      if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
    }
    return bits
  }()

  static func isToken(_ byte: UInt8) -> Bool {
    guard byte < 128 else { return false }
    let word = byte < 64 ? ByteClass.tokenBits.0 : ByteClass.tokenBits.1
    return word >> UInt64(byte & 63) & 1 == 1
  }

  static func isToken(_ bytes: UnsafeRawBufferPointer) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy(ByteClass.isToken)
  }

  /// Text of a field's value: no control character but the tab.
  static func isFieldText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == ByteClass.tab }
  }

  /// Characters of a request target: visible ASCII.
  static func isTarget(_ bytes: UnsafeRawBufferPointer) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
  }

  /// Compares with a text in lower case, without regard to the case of ASCII letters.
  static func equals(_ bytes: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
    guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count
    where ByteClass.lowercased(bytes[index]) != lowercase.utf8Start[index] {
      return false
    }
    return true
  }

  /// The bytes without the spaces and tabs around them.
  static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] == ByteClass.space || bytes[start] == ByteClass.tab {
      start += 1
    }
    while end > start, bytes[end - 1] == ByteClass.space || bytes[end - 1] == ByteClass.tab {
      end -= 1
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// The number written in decimal digits alone; `nil` for anything else and above 2^63.
  static func decimal(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 19 else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isStillOver) = tens.addingReportingOverflow(Int(byte - 0x30))
      guard !isOver, !isStillOver else { return nil }
      value = sum
    }
    return value
  }

  static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Where a byte stands first at or behind `start`.
  static func index(
    of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int = 0
  ) -> Int? {
    guard let base = bytes.baseAddress, start < bytes.count,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
