/// A number of one to three digits with a comma right behind it, read as one word of four bytes.
///
/// A snapshot travels as a long array of such numbers. Their lengths vary at random, so a loop
/// over the digits spends its time on wrongly predicted branches; this has none per digit.
struct JSONByteNumber {
  private let word: UInt32
  private let digitBits: Int

  /// Fails where something else stands, and at the last few bytes of the text.
  @inline(__always)
  init?(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) {
    guard position &+ 4 <= bytes.count else { return nil }
    let word = UInt32(
      littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
        fromByteOffset: position, as: UInt32.self))
    // Digits become 0 to 9; adding 0x76 then sets the high bit of all else. A carry may set bits
    // above the lowest one by mistake, never below it, so the lowest holds.
    let digits = word ^ 0x3030_3030
    let others = ((digits &+ 0x7676_7676) | digits) & 0x8080_8080
    let digitBits = others.trailingZeroBitCount & ~7
    guard digitBits != 0, digitBits < 32,
      (word &>> UInt32(digitBits)) & 0xFF == UInt32(UInt8(ascii: ","))
    else { return nil }
    self.word = digits
    self.digitBits = digitBits
  }

  /// The digits and the comma.
  @inline(__always)
  var length: Int { self.digitBits / 8 + 1 }

  @inline(__always)
  var hasLeadingZero: Bool { self.word & 0xFF == 0 && self.digitBits > 8 }

  /// The number, from 0 to 999.
  @inline(__always)
  var value: UInt32 {
    // The last digit moves to the top; what is not there is zero.
    let digits = self.word &<< UInt32(32 - self.digitBits)
    return (digits >> 8 & 0xFF) &* 100 &+ (digits >> 16 & 0xFF) &* 10 &+ (digits >> 24)
  }
}
