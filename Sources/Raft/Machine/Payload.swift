/// Takes the bytes of encoded commands, one after the other.
public struct PayloadWriter: Sendable {
  /// All bytes so far.
  @usableFromInline var buffer: [UInt8] = []

  /// All bytes so far.
  public var bytes: [UInt8] { self.buffer }

  /// A writer without bytes; the library makes its own, this one is for tests of a machine.
  public init() {}

  /// Adds bytes.
  @inlinable
  public mutating func write(_ bytes: some Sequence<UInt8>) {
    self.buffer.append(contentsOf: bytes)
  }

  /// Adds the bytes of memory that is valid during the call.
  @inlinable
  public mutating func write(_ bytes: UnsafeRawBufferPointer) {
    self.buffer.append(contentsOf: bytes)
  }

  /// Adds a number in little-endian order.
  @inlinable
  public mutating func write(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { self.buffer.append(contentsOf: $0) }
  }
}

/// The bytes of one encoded command.
public struct PayloadReader {
  // The whole batch and a place in it: a slice of its own would count references for each command.
  @usableFromInline let batch: [UInt8]
  @usableFromInline let range: Range<Int>

  /// The bytes of this slice.
  @inlinable
  public init(_ slice: ArraySlice<UInt8>) {
    self.batch = Array(slice)
    self.range = 0..<slice.count
  }

  /// The bytes at this place of a batch.
  @inlinable
  init(_ batch: [UInt8], _ range: Range<Int>) {
    precondition(range.upperBound <= batch.count, "a command beyond its batch")
    self.batch = batch
    self.range = range
  }

  /// All bytes.
  @inlinable public var bytes: [UInt8] { Array(self.batch[self.range]) }

  /// How many bytes.
  @inlinable public var count: Int { self.range.count }

  /// Lends the bytes for the duration of the call.
  @inlinable
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try self.batch.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[self.range])) }
  }
}
