/// Takes encoded bytes apart, in order; never reads outside them.
///
/// Each verb names what it reads, for the error message.
public struct ByteReader: Sendable {
  /// The bytes; those outside the range that the reader was made for do not concern it.
  let bytes: [UInt8]
  /// The index of the next byte.
  private(set) var position: Int
  private let end: Int
  /// What is subtracted from an index to report it.
  private let shift: Int

  /// A reader of all bytes of the array.
  public init(_ bytes: [UInt8]) {
    self.init(bytes, in: 0..<bytes.count)
  }

  /// A reader of the bytes in this range; errors count the range's first byte as `origin`.
  ///
  /// - Precondition: the array contains the range.
  public init(_ bytes: [UInt8], in range: Range<Int>, origin: Int = 0) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count,
      "bytes \(range) of \(bytes.count)")
    self.bytes = bytes
    self.position = range.lowerBound
    self.end = range.upperBound
    self.shift = range.lowerBound - origin
  }

  /// How many bytes are left.
  public var remaining: Int { self.end - self.position }

  /// Where the next byte stands, as errors report it.
  public var offset: Int { self.position - self.shift }

  /// Reads one byte.
  public mutating func readUInt8(_ what: String) throws(CodecError) -> UInt8 {
    try self.number(what)
  }

  /// Reads two bytes.
  public mutating func readUInt16(_ what: String) throws(CodecError) -> UInt16 {
    try self.number(what)
  }

  /// Reads four bytes.
  public mutating func readUInt32(_ what: String) throws(CodecError) -> UInt32 {
    try self.number(what)
  }

  /// Reads eight bytes.
  public mutating func readUInt64(_ what: String) throws(CodecError) -> UInt64 {
    try self.number(what)
  }

  /// Reads eight bytes in two's complement.
  public mutating func readInt64(_ what: String) throws(CodecError) -> Int64 {
    try self.number(what)
  }

  /// Reads this many bytes as they are.
  public mutating func readBytes(_ count: Int, _ what: String) throws(CodecError) -> [UInt8] {
    let range = try self.skip(count, what)
    return Array(self.bytes[range])
  }

  /// Passes over this many bytes and says where in the array they lie.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func skip(_ count: Int, _ what: String) throws(CodecError) -> Range<Int> {
    precondition(count >= 0, "\(count) bytes of \(what)")
    guard count <= self.remaining else {
      throw self.error(.truncated(needed: count, available: self.remaining), what)
    }
    defer { self.position += count }
    return self.position..<(self.position + count)
  }

  /// Checks that nothing is left over behind `what`.
  public func expectEnd(of what: String) throws(CodecError) {
    guard self.remaining == 0 else { throw self.error(.trailingBytes(self.remaining), what) }
  }

  /// An error at the next byte, or this many bytes before it.
  func error(_ reason: CodecError.Reason, _ what: String, back: Int = 0) -> CodecError {
    CodecError(reason, in: what, at: self.offset - back)
  }

  private mutating func number<Number: FixedWidthInteger>(
    _ what: String
  ) throws(CodecError) -> Number {
    let size = MemoryLayout<Number>.size
    guard size <= self.remaining else {
      throw self.error(.truncated(needed: size, available: self.remaining), what)
    }
    let raw = self.bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: self.position, as: Number.self)
    }
    self.position += size
    return Number(littleEndian: raw)
  }
}
