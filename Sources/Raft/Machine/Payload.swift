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
  @usableFromInline let slice: ArraySlice<UInt8>

  /// The bytes of this slice.
  @inlinable
  public init(_ slice: ArraySlice<UInt8>) {
    self.slice = slice
  }

  /// All bytes.
  @inlinable public var bytes: [UInt8] { Array(self.slice) }

  /// How many bytes.
  @inlinable public var count: Int { self.slice.count }

  /// Lends the bytes for the duration of the call.
  @inlinable
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try self.slice.withUnsafeBytes(body)
  }
}
