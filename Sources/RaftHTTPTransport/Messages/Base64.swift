/// Bytes as text (RFC 4648 §4), with padding and nothing else.
enum Base64 {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The six bits of each letter; 255 for all other bytes.
  private static let bits: [UInt8] = {
    var bits = [UInt8](repeating: 255, count: 256)
    for (number, letter) in letters.enumerated() { bits[Int(letter)] = UInt8(number) }
    return bits
  }()

  /// The text for these bytes.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let length = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: length) { output in
      var position = 0
      var rest = bytes
      while !rest.isEmpty {
        let group = rest.prefix(3)
        rest = rest.dropFirst(3)
        var word: UInt32 = 0
        for byte in group { word = word << 8 | UInt32(byte) }
        word <<= UInt32(3 - group.count) * 8
        for place in 0..<4 {
          let letter = Self.letters[Int(word >> UInt32(18 - 6 * place) & 63)]
          output[position + place] = place <= group.count ? letter : Self.padding
        }
        position += 4
      }
      return length
    }
  }

  /// The bytes that this text stands for; `nil` if no bytes have this text.
  static func bytes(_ text: String) -> [UInt8]? {
    var letters = Array(text.utf8)[...]
    guard letters.count % 4 == 0 else { return nil }
    let padded = letters.suffix(2).count { $0 == Self.padding }
    letters = letters.dropLast(padded)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters.count * 3 / 4)
    var word: UInt32 = 0
    var count = 0
    for letter in letters {
      let value = Self.bits[Int(letter)]
      guard value < 64 else { return nil }
      word = word << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(count)))
    }
    // Bits that belong to no byte are zero, so that each byte string has one text.
    return word & (1 << UInt32(count) - 1) == 0 ? bytes : nil
  }
}
