import RaftJSON
import Testing

@Suite("Reading values")
struct JSONNodeTests {
  private func node(_ text: String) throws -> JSONNode { try JSONDocument(text).root }

  private func message(_ body: () throws -> Any) -> String? {
    #expect(throws: JSONError.self) { _ = try body() }?.description
  }

  @Test("Each kind of value is read as what it is")
  func kinds() throws {
    let root = try self.node(#"{"n":null,"t":true,"f":false,"i":-7,"d":2.5,"s":"x","a":[],"o":{}}"#)
    #expect(try root["n"].isNull)
    #expect(try root["t"].bool())
    #expect(try root["f"].bool() == false)
    #expect(try root["i"].int() == -7)
    #expect(try root["i"].double() == -7)
    #expect(try root["d"].double() == 2.5)
    #expect(try root["d"].number().text == "2.5")
    #expect(try root["s"].string() == "x")
    #expect(try root["s"].range == 48..<51)
    let kinds = try root.members().map { "\($0.name) \($0.value.kind)" }
    #expect(
      kinds == [
        "n null", "t bool", "f bool", "i number", "d number", "s string", "a array", "o object",
      ])
  }

  @Test("Escapes stand for their characters, in strings and in names")
  func escapes() throws {
    let root = try self.node(#"{"\u0061\n":"\"\\\/\b\f\n\r\t\u0000\u00E9\ud83d\ude00é"}"#)
    let expected = "\"\\/\u{8}\u{C}\n\r\t\0é😀é"
    #expect(try root["a\n"].string() == expected)
    #expect(try root.members().map(\.name) == ["a\n"])
    #expect(try root.json() == ["a\n": .string(expected)])
  }

  @Test("Integers are exact up to the limits of their type")
  func integerLimits() throws {
    #expect(try self.node("18446744073709551615").uint64() == .max)
    #expect(try self.node("9007199254740993").uint64() == 9_007_199_254_740_993)
    #expect(try self.node("-9223372036854775808").int64() == .min)
    #expect(try self.node("9223372036854775807").int() == .max)
    #expect(try self.node("-0").int() == 0)
    #expect(try self.node("65535").integer(as: UInt16.self) == 65535)
    #expect(try self.node("-128").integer(as: Int8.self) == -128)
    let number = try #require(JSONNumber(text: "18446744073709551615"))
    #expect(number.integer(as: UInt64.self) == .max)
    #expect(number.integer(as: Int64.self) == nil)
  }

  @Test("What is no integer, or too large for its type, is refused")
  func refusedIntegers() {
    #expect(
      self.message { try self.node("18446744073709551616").uint64() }
        == "at $ (byte 0): expected an integer from 0 to 18446744073709551615, "
        + "found number 18446744073709551616")
    #expect(
      self.message { try self.node("-1").uint64() }
        == "at $ (byte 0): expected an integer from 0 to 18446744073709551615, found number -1")
    #expect(
      self.message { try self.node("-9223372036854775809").int64() }
        == "at $ (byte 0): expected an integer from -9223372036854775808 to "
        + "9223372036854775807, found number -9223372036854775809")
    #expect(
      self.message { try self.node("1.0").int() }
        == "at $ (byte 0): expected an integer, found number 1.0")
    #expect(
      self.message { try self.node("1e3").uint64() }
        == "at $ (byte 0): expected an unsigned integer, found number 1e3")
    #expect(
      self.message { try self.node("1e999").double() }
        == "at $ (byte 0): expected a number that fits into a double, found number 1e999")
  }

  @Test("An error names the path, the place, what was expected and what was found")
  func mismatches() throws {
    let root = try self.node(
      #"{"vote":{"leader_id":{"term":"x"}},"entries":[1,{"a b":null}],"n":[4,5.5]}"#)
    #expect(
      self.message { try root["vote"]["leader_id"]["term"].uint64() }
        == #"at $.vote.leader_id.term (byte 29): expected an unsigned integer, found string "x""#)
    #expect(
      self.message { try root["vote"]["leader_id"]["node_id"] }
        == #"at $.vote.leader_id (byte 21): expected a member "node_id", found an object without it"#
    )
    #expect(
      self.message { try root["entries"][1]["a b"].string() }
        == #"at $.entries[1]["a b"] (byte 55): expected a string, found null"#)
    #expect(
      self.message { try root["entries"][2] }
        == "at $.entries (byte 45): expected an element [2], found an array of 2")
    #expect(
      self.message { try root["entries"][-1] }
        == "at $.entries (byte 45): expected an element [-1], found an array of 2")
    #expect(
      self.message { try root["n"][1].int() }
        == "at $.n[1] (byte 69): expected an integer, found number 5.5")
    #expect(
      self.message { try root["entries"]["x"] }
        == "at $.entries (byte 45): expected an object, found an array")
    #expect(
      self.message { try root["vote"].elements() }
        == "at $.vote (byte 8): expected an array, found an object")
    #expect(
      self.message { try root.bool() }
        == "at $ (byte 0): expected true or false, found an object")
  }

  @Test("An error shows only the start of a long value")
  func longValues() throws {
    let text = String(repeating: "é", count: 1_000_000)
    #expect(
      self.message { try self.node("\"\(text)\"").int() }
        == "at $ (byte 0): expected an integer, found string \"\(String(repeating: "é", count: 23))…"
    )
  }

  @Test("A reader tells in the same words that a value has no meaning for it")
  func meaning() throws {
    let node = try self.node(#"{"payload":"Blnk"}"#)["payload"]
    #expect(
      node.mismatch(expected: #""Blank" or an object"#).description
        == #"at $.payload (byte 11): expected "Blank" or an object, found string "Blnk""#)
  }

  @Test("Of a long path an error shows the first and the last steps")
  func longPaths() throws {
    let text = String(repeating: #"{"a":"#, count: 8) + String(repeating: "[0,", count: 20) + "x"
    #expect(
      self.message { try self.node(text) }
        == "at $.a.a.a.a.a.a.a.a…[1][1][1][1][1][1][1][1] (byte 100): expected a value, found 'x'")
  }

  @Test("A member that may be absent or null is told from one that must be there")
  func optionals() throws {
    let root = try self.node(#"{"a":null,"b":1}"#)
    #expect(try root.optional("a") == nil)
    #expect(try root.optional("b")?.int() == 1)
    #expect(try root.optional("c") == nil)
    #expect(try root.member("a")?.isNull == true)
    #expect(try root.member("c") == nil)
    #expect(throws: JSONError.self) { try self.node("[]").optional("a") }
  }

  @Test("Elements come in order, whether or not all are numbers")
  func elements() throws {
    let text = #"[ 1 , -2.5e1,{"a":[3,"x",[4]]}, 5 , [ 6,7 ],[]]"#
    let root = try self.node(text)
    let texts = try root.elements().map { String(decoding: $0.fragment.bytes, as: UTF8.self) }
    #expect(texts == ["1", "-2.5e1", #"{"a":[3,"x",[4]]}"#, "5", "[ 6,7 ]", "[]"])
    #expect(try root[4].elements().map { $0.path } == ["$[4][0]", "$[4][1]"])
    #expect(try root[2]["a"][2][0].path == "$[2].a[2][0]")
    #expect(try root[2]["a"][2][0].int() == 4)
  }

  @Test("An array of bytes is read at once, with white space or without")
  func bytes() throws {
    let all = (0...255).map { UInt8($0) }
    #expect(try self.node(all.description).bytes() == all)
    #expect(try self.node("[]").bytes() == [])
    #expect(try self.node("[ ]").bytes() == [])
    #expect(try self.node("[\n 1 ,2\t,\r\n255 ]").bytes() == [1, 2, 255])
    #expect(try self.node(#"{"data":[0]}"#)["data"].bytes() == [0])
  }

  @Test(
    "An array that holds other than bytes is refused at the first such element",
    arguments: [
      ("[1,256]", "at $[1] (byte 3): expected an integer from 0 to 255, found number 256"),
      (
        "[1, 99999999999999999999]",
        "at $[1] (byte 4): expected an integer from 0 to 255, found number 99999999999999999999"
      ),
      ("[-1]", "at $[0] (byte 1): expected an integer from 0 to 255, found number -1"),
      ("[1,2.5]", "at $[1] (byte 3): expected an unsigned integer, found number 2.5"),
      ("[1e1]", "at $[0] (byte 1): expected an unsigned integer, found number 1e1"),
      ("[1,null]", "at $[1] (byte 3): expected an unsigned integer, found null"),
      ("[[]]", "at $[0] (byte 1): expected an unsigned integer, found an array"),
      (#""abc""#, #"at $ (byte 0): expected an array, found string "abc""#),
    ])
  func refusedBytes(_ text: String, _ expected: String) {
    #expect(self.message { try self.node(text).bytes() } == expected)
  }
}
