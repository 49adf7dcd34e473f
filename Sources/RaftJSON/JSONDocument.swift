/// A JSON text that was checked once, and tells of each value what it is and where its bytes lie.
///
/// Reading starts at the root, by names and positions, and ends in a Swift value or an error
/// that says where:
/// ```swift
/// let document = try JSONDocument(body, sealing: ["Normal"])
/// let term = try document.root["vote"]["leader_id"]["term"].uint64()
/// ```
/// The check is strict: RFC 8259 to the letter, valid UTF-8, paired surrogates, each name once in
/// an object (names are equal if their characters are, code point by code point), at most
/// ``JSON/maximumDepth`` levels, no byte order mark, nothing after the value.
///
/// Strings and numbers are converted when asked for. Besides the text itself a document holds
/// 32 bytes for each name and value, and a single such record for an array of nothing but
/// numbers.
///
/// ### Values kept verbatim
///
/// Under a *sealed* name, an array or object belongs to somebody else: it is checked by the
/// grammar, not looked into, and ``JSONNode/fragment`` hands out its very bytes. Neither its
/// depth nor names that appear twice in it count for the document around it, so whatever
/// ``JSONFragment`` accepts can be read back by every receiver.
public final class JSONDocument: Sendable {
  /// The text.
  public let bytes: [UInt8]

  let entries: [JSONEntry]

  /// Checks a text, and throws a ``JSONError`` that names the first offending byte.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - names: Members of these names, at any level, keep an array or object verbatim.
  public init(_ bytes: [UInt8], sealing names: [String] = []) throws(JSONError) {
    self.entries = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      var scanner = JSONScanner(buffer)
      var tape = JSONTape(buffer, sealing: names)
      do throws(JSONFault) {
        try scanner.text(&tape)
      } catch {
        let path = JSONPath(tape.openPath(), entries: tape.entries, bytes: buffer)
        throw JSONError(error, in: buffer, path: path.text)
      }
      return tape.entries
    }
    self.bytes = bytes
  }

  /// Checks a text, and throws a ``JSONError`` that names the first offending byte.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - names: Members of these names, at any level, keep an array or object verbatim.
  public convenience init(_ text: String, sealing names: [String] = []) throws(JSONError) {
    try self.init(Array(text.utf8), sealing: names)
  }

  /// The outermost value.
  public var root: JSONNode { JSONNode(self, at: 0) }
}
