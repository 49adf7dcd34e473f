import RaftJSON
import Testing

@Suite("Checking a text")
struct JSONDocumentTests {
  @Test(
    "Every form of value that RFC 8259 describes is accepted",
    arguments: [
      "null", "true", "false", "0", "-0", "12", "-1.5", "0.25", "1e3", "1E+3", "2e-12",
      "-0.0e00", "1234567890123456789012345678901234567890", #""""#, #""a""#,
      #""\"\\\/\b\f\n\r\t""#, #""\u0000\u00e9\uD83D\uDE00""#, "\"é漢😀\u{2028}\u{10FFFF}\"",
      "[]", "[ ]", "{}", "{ }", "[1]", "[1, 2 ,3]", "[[],{}]", "[0,10,999,1000,1]", "[1,[2],3]",
      "[null,1]",
      #"{"":1}"#, #"{"a":1,"b":{"a":[]}}"#, " \t\r\n1 \t\r\n", #"{ "a" : [ 1 , "x" ] }"#,
      "\"\u{7F}\"", "\"e\u{301}\"", #""12345678""#, #""1234567\n12345678""#,
    ])
  func accepts(_ text: String) throws {
    let document = try JSONDocument(text)
    #expect(document.bytes == Array(text.utf8))
    #expect(JSON.isWellFormed(Array(text.utf8)))
  }

  @Test(
    "A text that breaks the grammar is refused, with the place and what is wrong",
    arguments: [
      ("", "at $ (byte 0): expected a value, found the end of the text"),
      ("  ", "at $ (byte 2): expected a value, found the end of the text"),
      ("nul", "at $ (byte 0): expected null, true or false, found 'n'"),
      ("nulL", "at $ (byte 0): expected null, true or false, found 'n'"),
      ("NaN", "at $ (byte 0): expected a value, found 'N'"),
      ("-Infinity", "at $ (byte 1): expected a digit, found 'I'"),
      ("+1", "at $ (byte 0): expected a value, found '+'"),
      ("01", "at $ (byte 1): expected no digit after a leading zero, found '1'"),
      ("-012", "at $ (byte 2): expected no digit after a leading zero, found '1'"),
      ("-", "at $ (byte 1): expected a digit, found the end of the text"),
      ("1.", "at $ (byte 2): expected a digit, found the end of the text"),
      (".5", "at $ (byte 0): expected a value, found '.'"),
      ("1e", "at $ (byte 2): expected a digit, found the end of the text"),
      ("1e+x", "at $ (byte 3): expected a digit, found 'x'"),
      ("0x10", "at $ (byte 1): expected nothing after the value, found 'x'"),
      ("1 2", "at $ (byte 2): expected nothing after the value, found '2'"),
      ("{}}", "at $ (byte 2): expected nothing after the value, found '}'"),
      ("null\0", "at $ (byte 4): expected nothing after the value, found byte 0x0"),
      ("\u{FEFF}1", "at $ (byte 0): expected a value, found a byte order mark; remove it"),
      ("[", "at $ (byte 1): expected a value, found the end of the text"),
      ("[1", "at $ (byte 2): expected ',' or ']', found the end of the text"),
      ("[1,]", "at $ (byte 3): expected a value, found ']'"),
      ("[1,2,3,]", "at $ (byte 7): expected a value, found ']'"),
      ("[1,02,3]", "at $ (byte 4): expected no digit after a leading zero, found '2'"),
      ("[00,1]", "at $ (byte 2): expected no digit after a leading zero, found '0'"),
      ("[1,12a,3]", "at $ (byte 5): expected ',' or ']', found 'a'"),
      ("[1,,2]", "at $ (byte 3): expected a value, found ','"),
      ("[,1]", "at $ (byte 1): expected a value, found ','"),
      ("[1 2]", "at $ (byte 3): expected ',' or ']', found '2'"),
      ("[1}", "at $ (byte 2): expected ',' or ']', found '}'"),
      ("{", "at $ (byte 1): expected a name in quotes, found the end of the text"),
      ("{a:1}", "at $ (byte 1): expected a name in quotes, found 'a'"),
      (#"{"a"1}"#, "at $.a (byte 4): expected ':' after the name, found '1'"),
      (#"{"a":}"#, "at $.a (byte 5): expected a value, found '}'"),
      (#"{"a":1,}"#, "at $ (byte 7): expected a name in quotes, found '}'"),
      (#"{"a":1]"#, "at $ (byte 6): expected ',' or '}', found ']'"),
      ("[1 /* c */]", "at $ (byte 3): expected ',' or ']', found '/'"),
      (#"{"a":[0,[],{"b c":[2,x]}]}"#, #"at $.a[2]["b c"] (byte 21): expected a value, found 'x'"#),
      (#""a"#, "at $ (byte 2): expected a closing quote, found the end of the text"),
      ("'a'", "at $ (byte 0): expected a value, found '''"),
      (
        "\"a\nb\"",
        "at $ (byte 2): expected control characters in a string to be escaped, found byte 0xA"
      ),
      (
        "\"12345678\u{1F}\"",
        "at $ (byte 9): expected control characters in a string to be escaped, found byte 0x1F"
      ),
      (#""\x""#, #"at $ (byte 2): expected one of " \ / b f n r t u after a backslash, found 'x'"#),
      (#""\u12g4""#, #"at $ (byte 5): expected four hexadecimal digits after \u, found 'g'"#),
      (
        #""\u12"#,
        #"at $ (byte 5): expected four hexadecimal digits after \u, found the end of the text"#
      ),
      (
        #""\uD83D""#,
        "at $ (byte 1): expected both halves of a surrogate pair, found one half alone"
      ),
      (
        #""\uD83D\n""#,
        "at $ (byte 1): expected both halves of a surrogate pair, found one half alone"
      ),
      (
        #""\uD83D\u0041""#,
        "at $ (byte 1): expected both halves of a surrogate pair, found one half alone"
      ),
      (
        #""a\uDE00""#,
        "at $ (byte 2): expected both halves of a surrogate pair, found one half alone"
      ),
    ])
  func refuses(_ text: String, _ message: String) {
    let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(error?.description == message)
    #expect(error?.reason == .malformed)
    #expect(!JSON.isWellFormed(Array(text.utf8)))
  }

  @Test(
    "Bytes that are no UTF-8 are refused",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0x80],
      [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
      [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(_ bytes: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let error = #expect(throws: JSONError.self) { try JSONDocument([quote] + bytes + [quote]) }
    #expect(error?.expected == "valid UTF-8")
    #expect(error?.offset == 1)
  }

  @Test("Up to 128 levels are accepted, one more is refused by name, and a million do no harm")
  func depth() throws {
    func nested(_ levels: Int) -> [UInt8] {
      Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
    }
    #expect(JSON.isWellFormed(nested(128)))
    let tree = try JSON(parsing: nested(128))
    #expect(tree.bytes() == nested(128))
    for levels in [129, 1_000_000] {
      let error = #expect(throws: JSONError.self) { try JSONDocument(nested(levels)) }
      #expect(error?.reason == .tooDeep)
      #expect(error?.offset == 128)
      #expect(!JSON.isWellFormed(nested(levels)))
    }
  }

  @Test(
    "A name that appears twice in one object is refused",
    arguments: [
      (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":2}"#, 7), (#"{"\n":1,"\u000A":2}"#, 8),
      (#"{"x":{"":1,"":2}}"#, 11),
    ])
  func refusesDuplicates(_ text: String, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(error?.reason == .duplicateName)
    #expect(error?.offset == offset)
  }

  @Test("A name that appears twice is found among very many, and only then")
  func duplicatesAmongMany() throws {
    let members = (0..<20_000).map { #""\#($0)":0"# }
    let document = try JSONDocument("{" + members.joined(separator: ",") + "}")
    #expect(try document.root["19999"].int() == 0)
    let error = #expect(throws: JSONError.self) {
      try JSONDocument("{" + (members + [#""777":1"#]).joined(separator: ",") + "}")
    }
    #expect(
      error?.description.hasSuffix("expected each name once in an object, found it again") == true)
  }

  @Test("Names that look alike but differ in their code points are two names")
  func namesByCodePoint() throws {
    let document = try JSONDocument("{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(try document.root["\u{E9}"].int() == 1)
    #expect(try document.root["e\u{301}"].int() == 2)
    let tree = try document.root.json()
    #expect(tree["e\u{301}"] == 2)
  }

  @Test("A name of megabytes is cut in the path of an error")
  func longNames() {
    let name = String(repeating: "é", count: 1_000_000)
    let error = #expect(throws: JSONError.self) { try JSONDocument("{\"\(name)\":x}") }
    #expect(error?.path == "$[\"\(String(repeating: "é", count: 32))…\"]")
  }
}
