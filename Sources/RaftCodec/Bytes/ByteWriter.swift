/// Collects encoded bytes: numbers least significant byte first, everything at its exact length.
///
/// To encode again and again without allocating, keep one writer and call
/// ``removeAll()`` in between.
public struct ByteWriter: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8]

  /// A writer with room for this many bytes; it grows beyond them.
  public init(reserving capacity: Int = 0) {
    self.bytes = []
    self.bytes.reserveCapacity(capacity)
  }

  /// How many bytes were written so far.
  public var count: Int { self.bytes.count }

  /// Forgets what was written and keeps the room for it.
  public mutating func removeAll() {
    self.bytes.removeAll(keepingCapacity: true)
  }

  /// Hands over what was written, and starts anew without room.
  public mutating func takeBytes() -> [UInt8] {
    let taken = self.bytes
    self.bytes = []
    return taken
  }

  /// Adds one byte.
  public mutating func write(_ number: UInt8) {
    self.bytes.append(number)
  }

  /// Adds two bytes.
  public mutating func write(_ number: UInt16) {
    self.append(number)
  }

  /// Adds four bytes.
  public mutating func write(_ number: UInt32) {
    self.append(number)
  }

  /// Adds eight bytes.
  public mutating func write(_ number: UInt64) {
    self.append(number)
  }

  /// Adds eight bytes, in two's complement.
  public mutating func write(_ number: Int64) {
    self.append(number)
  }

  /// Adds bytes as they are.
  public mutating func write(bytes: UnsafeRawBufferPointer) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Adds bytes as they are.
  public mutating func write(bytes: [UInt8]) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Adds bytes as they are.
  public mutating func write(bytes: ArraySlice<UInt8>) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Adds a byte that tells whether a value follows: 1 if it does, else 0.
  mutating func write(presenceOf value: (some Any)?) {
    self.bytes.append(value == nil ? 0 : 1)
  }

  /// Adds a truth value: 1 or 0.
  mutating func write(flag: Bool) {
    self.bytes.append(flag ? 1 : 0)
  }

  /// Adds a number of elements or bytes, in four bytes.
  ///
  /// - Precondition: it fits.
  mutating func write(count: Int) {
    precondition(UInt32(exactly: count) != nil, "\(count) elements in one block")
    self.append(UInt32(count))
  }

  /// Adds text: its length in bytes, then UTF-8.
  mutating func write(text: String) {
    self.write(count: text.utf8.count)
    self.bytes.append(contentsOf: text.utf8)
  }

  /// Adds bytes preceded by their number.
  mutating func write(counted bytes: [UInt8]) {
    self.write(count: bytes.count)
    self.bytes.append(contentsOf: bytes)
  }

  /// Adds zero bytes.
  mutating func write(zeros count: Int) {
    self.bytes.append(contentsOf: repeatElement(0, count: count))
  }

  /// Writes what `content` writes, preceded by its length in four bytes.
  mutating func writeCounted(_ content: (inout ByteWriter) -> Void) {
    let start = self.count
    self.append(UInt32(0))
    content(&self)
    let length = self.count - start - 4
    precondition(UInt32(exactly: length) != nil, "\(length) bytes in one block")
    self.overwrite(at: start, with: UInt32(length))
  }

  /// Replaces four bytes that were written before.
  mutating func overwrite(at offset: Int, with number: UInt32) {
    self.bytes.withUnsafeMutableBytes {
      $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
  }

  /// Lends the bytes from this offset on, to be filled in place.
  mutating func fill(from offset: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    self.bytes.withUnsafeMutableBytes {
      body(UnsafeMutableRawBufferPointer(rebasing: $0[offset...]))
    }
  }

  private mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { self.bytes.append(contentsOf: $0) }
  }
}
