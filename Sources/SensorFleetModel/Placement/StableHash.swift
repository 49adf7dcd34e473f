/// Hashes that are the same in every process and on every machine.
package enum StableHash {
  /// The hash of a text.
  package static func of(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Self.spread(hash)
  }

  /// The hash of two numbers, in this order.
  package static func of(_ first: UInt64, _ second: UInt64) -> UInt64 {
    Self.spread(Self.spread(first &+ 0x9E37_79B9_7F4A_7C15) ^ second)
  }

  /// Lets every bit decide about every other one.
  private static func spread(_ number: UInt64) -> UInt64 {
    var number = number
    number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
    number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
    return number ^ number >> 31
  }
}
