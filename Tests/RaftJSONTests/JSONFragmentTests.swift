import RaftJSON
import Testing

@Suite("Values kept verbatim")
struct JSONFragmentTests {
  /// JSON that a tree of values could not give back byte by byte.
  private static let payloads = [
    #"{ "b" : 1.0,"a":[1e2 , "\u0041\/"],"b":{"Normal":[]}}"#, "[1,\n 2]",
    "123456789012345678901.50",
    #""\u00e9""#, "null", "{}", "[]",
  ]

  @Test("Payloads are embedded and taken back as the same bytes")
  func roundTrip() throws {
    let fragments = try Self.payloads.map { try JSONFragment(Array($0.utf8)) }
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("entries") { writer in
        writer.array(fragments) { writer, fragment in
          writer.object { writer in
            writer.member("payload") { $0.object { $0.member("Normal", fragment) } }
          }
        }
      }
      writer.member("leader_commit", 7)
    }
    let document = try JSONDocument(writer.finish(), sealing: ["Normal"])
    let back = try document.root["entries"].elements().map {
      try $0["payload"]["Normal"].fragment
    }
    #expect(back == fragments)
    #expect(back.map { String(decoding: $0.bytes, as: UTF8.self) } == Self.payloads)
    #expect(try document.root["leader_commit"].int() == 7)
  }

  @Test("A sealed value is not looked into, a scalar under the same name is read as ever")
  func sealed() throws {
    let document = try JSONDocument(
      #"{"a":{"x":1,"x":2},"\u0061b":[1],"b":["s",{"a":"t"}]}"#, sealing: ["a", "ab"])
    #expect(try document.root["a"].kind == .object)
    #expect(try document.root["b"][1]["a"].string() == "t")
    #expect(try document.root["ab"].fragment.bytes.elementsEqual("[1]".utf8))
    let error = #expect(throws: JSONError.self) { try document.root["a"]["x"] }
    #expect(
      error?.description
        == "at $.a (byte 5): expected an object, found an object that is kept verbatim")
    #expect(throws: JSONError.self) { try document.root["ab"].elements() }
    #expect(throws: JSONError.self) { try document.root["ab"].bytes() }
  }

  @Test("A sealed value becomes part of a tree, if it repeats no name")
  func sealedTrees() throws {
    let good = try JSONDocument(#"{"a":{"x":[1]}}"#, sealing: ["a"])
    #expect(try good.root.json() == ["a": ["x": [1]]])
    let bad = try JSONDocument(#"{"a":{"x":1,"x":2}}"#, sealing: ["a"])
    let error = #expect(throws: JSONError.self) { try bad.root.json() }
    #expect(error?.reason == .duplicateName)
  }

  @Test("What a fragment accepts can be embedded at any level: its depth counts on its own")
  func depth() throws {
    let levels = JSON.maximumDepth
    let deepest = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let fragment = try JSONFragment(Array(deepest.utf8))
    var writer = JSONWriter()
    writer.array { $0.object { $0.member("Normal", fragment) } }
    let text = writer.finish()
    let document = try JSONDocument(text, sealing: ["Normal"])
    #expect(try document.root[0]["Normal"].fragment == fragment)
    #expect(throws: JSONError.self) { try JSONDocument(text) }
    let error = #expect(throws: JSONError.self) { try JSONFragment(Array("[\(deepest)]".utf8)) }
    #expect(error?.reason == .tooDeep)
  }

  @Test("A sealed value must keep to the grammar, and the error tells whose it is")
  func malformedSealed() {
    let error = #expect(throws: JSONError.self) {
      try JSONDocument(Array(#"{"a":[{"Normal":[1,}]}"#.utf8), sealing: ["Normal"])
    }
    #expect(error?.description == "at $.a[0].Normal (byte 19): expected a value, found '}'")
  }

  @Test(
    "Bytes that would not come back the same are no fragment",
    arguments: [
      (" 1", 0), ("1 ", 1), ("\n[]", 0), ("[]\r", 2), ("", 0), ("1,2", 1), ("}", 0), ("1} ", 1),
    ])
  func refused(_ text: String, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONFragment(Array(text.utf8)) }
    #expect(error?.reason == .malformed)
    #expect(error?.offset == offset)
  }

  @Test("A fragment may be a part of other bytes")
  func slices() throws {
    let bytes = Array("xx[1]yy".utf8)
    #expect(try JSONFragment(bytes[2..<5]).bytes == bytes[2..<5])
    #expect(JSON.isWellFormed(bytes[2..<5]))
    #expect(!JSON.isWellFormed(bytes[1..<5]))
    #expect(!JSON.isWellFormed([]))
  }
}
