import RaftCodec
import RaftEngine
import Testing

/// The error that the closure throws; `nil` if it throws none.
func refusal(_ body: () throws(CodecError) -> Void) -> CodecError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Checks that the decoder refuses the bytes as soon as any one bit of them is another.
func expectEveryFlipRefused(
  of bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
  _ decode: ([UInt8]) throws(CodecError) -> Void
) {
  var flipped = bytes
  for index in bytes.indices {
    for bit in 0..<8 {
      flipped[index] = bytes[index] ^ (1 << bit)
      let refused = refusal { () throws(CodecError) in try decode(flipped) }
      if refused == nil {
        Issue.record("bit \(bit) of byte \(index) may change", sourceLocation: sourceLocation)
      }
    }
    flipped[index] = bytes[index]
  }
}

/// Checks that the decoder refuses every beginning of the bytes that is not all of them.
func expectEveryPrefixRefused(
  of bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
  _ decode: ([UInt8]) throws(CodecError) -> Void
) {
  for count in bytes.indices {
    let prefix = Array(bytes[..<count])
    if refusal({ () throws(CodecError) in try decode(prefix) }) == nil {
      Issue.record("the first \(count) bytes are enough", sourceLocation: sourceLocation)
    }
  }
}

/// Gives the decoder changed and random bytes; it may read or refuse them, but must come back.
func disturb(
  _ bytes: [UInt8], seed: UInt64, rounds: Int = 300,
  _ decode: ([UInt8]) throws(CodecError) -> Void
) {
  var random = SeededGenerator(seed: seed)
  for round in 0..<rounds {
    var changed = bytes
    if round % 4 == 0 {
      changed = (0..<Int.random(in: 0...120, using: &random)).map { _ in random.byte() }
    } else {
      for _ in 0...Int.random(in: 0...3, using: &random) where !changed.isEmpty {
        let index = Int.random(in: 0..<changed.count, using: &random)
        changed[index] = [0, 1, 0x7F, 0x80, 0xFF, random.byte()].randomElement(using: &random)!
      }
      if round % 4 == 1 {
        changed.removeLast(Int.random(in: 0...changed.count, using: &random))
      }
    }
    _ = refusal { () throws(CodecError) in try decode(changed) }
  }
}

extension SeededGenerator {
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: self.next()) }
}
