/// Bytes that are put together piece by piece; numbers in little-endian order.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 0) {
    self.bytes.reserveCapacity(capacity)
  }

  mutating func write(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { self.bytes.append(contentsOf: $0) }
  }

  mutating func write(_ number: Double) {
    self.write(number.bitPattern)
  }

  mutating func write(_ bytes: [UInt8]) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Writes a text of at most 65,535 bytes behind its length.
  mutating func write(_ text: String) {
    self.write(UInt16(text.utf8.count))
    self.bytes.append(contentsOf: text.utf8)
  }

  /// Writes bytes behind their length.
  mutating func writeCounted(_ bytes: [UInt8]) {
    self.write(UInt32(bytes.count))
    self.bytes.append(contentsOf: bytes)
  }
}

/// Bytes that end too early, or say something that they cannot mean.
struct MalformedBytes: Error {
  let offset: Int
}

/// Takes bytes apart that a ``ByteWriter`` put together.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var offset: Int

  init(_ bytes: [UInt8], at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  var isAtEnd: Bool { self.offset == self.bytes.count }

  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self
  ) throws(MalformedBytes) -> Number {
    let size = MemoryLayout<Number>.size
    guard self.bytes.count - self.offset >= size else { throw MalformedBytes(offset: self.offset) }
    let number = self.bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: self.offset, as: Number.self)
    }
    self.offset += size
    return Number(littleEndian: number)
  }

  mutating func double() throws(MalformedBytes) -> Double {
    Double(bitPattern: try self.number())
  }

  mutating func text() throws(MalformedBytes) -> String {
    let count = Int(try self.number(UInt16.self))
    let start = self.offset
    let bytes = try self.take(count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MalformedBytes(offset: start)
    }
    return text
  }

  /// Bytes behind their length.
  mutating func counted() throws(MalformedBytes) -> [UInt8] {
    let count = Int(try self.number(UInt32.self))
    return Array(try self.take(count))
  }

  private mutating func take(_ count: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
    guard self.bytes.count - self.offset >= count else {
      throw MalformedBytes(offset: self.offset)
    }
    defer { self.offset += count }
    return self.bytes[self.offset..<self.offset + count]
  }
}
