/// Finds the numbers of an array that the scanner has accepted as one of numbers alone.
struct JSONNumberRanges: Sendable {
  private var position: Int
  private let end: Int

  /// Starts at the array's bracket and stops before `end`.
  init(from start: Int, upTo end: Int) {
    self.position = start + 1
    self.end = end
  }

  mutating func next(in bytes: [UInt8]) -> Range<Int>? {
    bytes.withUnsafeBufferPointer { self.next(in: $0) }
  }

  mutating func next(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    while self.position < self.end, !Self.isPartOfNumber(bytes[self.position]) {
      self.position += 1
    }
    let start = self.position
    while self.position < self.end, Self.isPartOfNumber(bytes[self.position]) {
      self.position += 1
    }
    return start < self.position ? start..<self.position : nil
  }

  /// Of the bytes between the brackets, the others are commas, white space and the last bracket.
  private static func isPartOfNumber(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "]")
  }
}
