import RaftHTTPTransport
import RaftJSON
import Testing

/// Checks that the value is written as exactly this text, and read back from it.
func expect<Value: JSONShape & Equatable>(
  _ value: Value, is text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let written = String(decoding: value.jsonBytes(), as: UTF8.self)
  #expect(written == text, sourceLocation: sourceLocation)
  #expect(try read(Value.self, text) == value, sourceLocation: sourceLocation)
}

/// Reads a value of this type from a text.
func read<Value: JSONShape>(_ type: Value.Type, _ text: String) throws(JSONError) -> Value {
  try Value(json: try JSONDocument(text).root)
}

/// The sentence of the error with which a text is refused; nil if it is not.
func refusal<Value: JSONShape>(_ type: Value.Type, _ text: String) -> String? {
  do throws(JSONError) {
    _ = try read(type, text)
    return nil
  } catch {
    return String(describing: error)
  }
}
