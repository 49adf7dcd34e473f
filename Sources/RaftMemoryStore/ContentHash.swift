/// A 64-bit hash of bytes that come in pieces (FNV-1a); where the pieces end makes no difference.
struct ContentHash: Sendable {
  /// The hash of all bytes so far.
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Goes on with these bytes.
  mutating func add(_ bytes: [UInt8]) {
    var value = self.value
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    self.value = value
  }
}
