/// The exact bytes of one JSON value, known to be well-formed and ready to be embedded.
///
/// A fragment goes into another text and comes back out byte by byte: no number is rounded, no
/// escape rewritten, no member moved.
/// ```swift
/// let payload = try JSONFragment(bytes)                // checked once, at the door
/// writer.member("Normal", payload)                     // embedded as it is
/// let same = try node["Normal"].fragment.bytes         // and taken back
/// ```
public struct JSONFragment: Hashable, Sendable {
  /// The value's text, without white space around it.
  public let bytes: ArraySlice<UInt8>

  /// Checks that the bytes are well-formed, or throws a ``JSONError`` that says where they are not.
  ///
  /// They must be one value by the grammar of RFC 8259, in valid UTF-8, with at most
  /// ``JSON/maximumDepth`` levels, and no white space around it, as that would not come back. Names
  /// that appear twice in an object are left to whoever reads it.
  ///
  /// The check allocates nothing; the bytes are shared, not copied.
  public init(_ bytes: ArraySlice<UInt8>) throws(JSONError) {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      do throws(JSONFault) {
        try Self.check(buffer)
      } catch {
        throw JSONError(error, in: buffer, path: "$")
      }
    }
    self.bytes = bytes
  }

  /// Checks that the bytes are well-formed, or throws a ``JSONError`` that says where they are not.
  ///
  /// They must be one value by the grammar of RFC 8259, in valid UTF-8, with at most
  /// ``JSON/maximumDepth`` levels, and no white space around it, as that would not come back. Names
  /// that appear twice in an object are left to whoever reads it.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    try self.init(bytes[...])
  }

  /// The bytes of a node; a document has checked them.
  init(checked bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  private static func check(_ buffer: UnsafeBufferPointer<UInt8>) throws(JSONFault) {
    var scanner = JSONScanner(buffer)
    var silence = JSONSilence()
    try scanner.text(&silence)
    if let last = buffer.last, last <= 0x20 {
      throw JSONFault(problem: .whitespace, offset: buffer.count - 1)
    }
    if buffer[0] <= 0x20 { throw JSONFault(problem: .whitespace, offset: 0) }
  }
}

extension JSON {
  /// Whether the bytes are one JSON value with nothing but white space around it.
  ///
  /// It is the grammar of RFC 8259 in valid UTF-8, with at most ``maximumDepth`` levels. Names
  /// that appear twice in an object are not looked for, as that needs memory. One pass, without
  /// allocation.
  public static func isWellFormed(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer)
      var silence = JSONSilence()
      return (try? scanner.text(&silence)) != nil
    }
  }

  /// Whether the bytes are one JSON value with nothing but white space around it.
  ///
  /// It is the grammar of RFC 8259 in valid UTF-8, with at most ``maximumDepth`` levels. Names
  /// that appear twice in an object are not looked for, as that needs memory. One pass, without
  /// allocation.
  public static func isWellFormed(_ bytes: [UInt8]) -> Bool {
    Self.isWellFormed(bytes[...])
  }
}
