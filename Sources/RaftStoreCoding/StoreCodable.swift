public import Raft
internal import RaftCodec

/// A value of the protocol that stores keep, with its bytes.
///
/// The bytes are those of the package's own stores, as FORMATS.md describes them: numbers with the
/// least significant byte first, and one encoding for each value.
///
/// They carry no checksum, and nothing says where they end: a store frames its records itself. A
/// membership alone, also inside a snapshot's meta or an entry, is a block that begins with its own
/// length and version; put a version of your own in front of the rest.
///
/// Any thread may encode and decode.
public protocol StoreCodable: Sendable {
  /// The value's bytes.
  func encoded() -> [UInt8]

  /// The value that these bytes are, all of them: a byte too many is refused like one too few.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if they are no such value, and of kind `foreign`
  ///   if only a newer version of this package can read them.
  init(decoding bytes: [UInt8]) throws(StorageError)
}

extension StoreCodable {
  /// The value that these bytes are, all of them.
  ///
  /// - Throws: `StorageError`, as for an array.
  public init(decoding bytes: ArraySlice<UInt8>) throws(StorageError) {
    try self.init(decoding: Array(bytes))
  }
}

/// The bytes that this writes.
func bytes(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
  var writer = ByteWriter()
  write(&writer)
  return writer.takeBytes()
}

/// What this reads from the bytes, of which nothing may be left over.
func value<Value>(
  of bytes: [UInt8], _ what: String, _ read: (inout ByteReader) throws(CodecError) -> Value
) throws(StorageError) -> Value {
  var reader = ByteReader(bytes)
  do throws(CodecError) {
    let value = try read(&reader)
    try reader.expectEnd(of: what)
    return value
  } catch {
    throw StorageError(error.isFromNewerFormat ? .foreign : .corrupted, error.description)
  }
}
