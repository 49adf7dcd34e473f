/// What is wrong at one byte, small enough to travel in registers.
///
/// The hot loops throw it; `JSONDocument` turns it into a `JSONError` with a path and a text.
struct JSONFault: Error {
  let problem: Problem
  let offset: Int

  enum Problem {
    case value
    case name
    case colon
    case commaOrBrace
    case commaOrBracket
    case end
    case digit
    case leadingZero
    case literal
    case stringEnd
    case controlCharacter
    case escape
    case hexDigit
    case loneSurrogate
    case utf8
    case byteOrderMark
    case depth
    case duplicateName
    case whitespace
  }
}

extension JSONFault.Problem {
  var reason: JSONError.Reason {
    switch self {
    case .depth: .tooDeep
    case .duplicateName: .duplicateName
    default: .malformed
    }
  }

  /// The words after "expected".
  var expected: String {
    switch self {
    case .value: "a value"
    case .name: "a name in quotes"
    case .colon: "':' after the name"
    case .commaOrBrace: "',' or '}'"
    case .commaOrBracket: "',' or ']'"
    case .end: "nothing after the value"
    case .digit: "a digit"
    case .leadingZero: "no digit after a leading zero"
    case .literal: "null, true or false"
    case .stringEnd: "a closing quote"
    case .controlCharacter: "control characters in a string to be escaped"
    case .escape: #"one of " \ / b f n r t u after a backslash"#
    case .hexDigit: #"four hexadecimal digits after \u"#
    case .loneSurrogate: "both halves of a surrogate pair"
    case .utf8: "valid UTF-8"
    case .byteOrderMark: "a value"
    case .depth: "at most \(JSON.maximumDepth) arrays and objects inside each other"
    case .duplicateName: "each name once in an object"
    case .whitespace: "no white space around the value, as it would not come back"
    }
  }

  /// The words after "found", when the byte at the offset does not say it best.
  var found: String? {
    switch self {
    case .loneSurrogate: "one half alone"
    case .byteOrderMark: "a byte order mark; remove it"
    case .depth: "one more"
    case .duplicateName: "it again"
    default: nil
    }
  }
}
