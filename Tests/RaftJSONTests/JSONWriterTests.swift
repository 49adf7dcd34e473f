import RaftJSON
import Testing

@Suite("Writing")
struct JSONWriterTests {
  private func text(
    _ style: JSONWriter.Style = .compact, _ body: (inout JSONWriter) throws -> Void
  ) rethrows -> String {
    var writer = JSONWriter(style)
    try body(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private func sample(_ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("term", UInt64.max)
      writer.member("log_id", String?.none)
      writer.member("empty") { $0.object { _ in } }
      writer.member("none") { $0.array { _ in } }
      writer.member("votes", [true, false])
      writer.member("nested") { writer in
        writer.array {
          $0.write(-1)
          $0.object { $0.member("a\"b", "c\\d") }
          $0.bytes([0, 9, 10, 99, 100, 255])
        }
      }
    }
  }

  @Test("The compact layout holds no white space")
  func compact() {
    #expect(
      self.text { self.sample(&$0) }
        == #"{"term":18446744073709551615,"log_id":null,"empty":{},"none":[],"votes":[true,false],"#
        + #""nested":[-1,{"a\"b":"c\\d"},[0,9,10,99,100,255]]}"#)
  }

  @Test("The indented layout has a line for each member and element")
  func indented() {
    #expect(
      self.text(.indented) { self.sample(&$0) } == #"""
        {
          "term": 18446744073709551615,
          "log_id": null,
          "empty": {},
          "none": [],
          "votes": [
            true,
            false
          ],
          "nested": [
            -1,
            {
              "a\"b": "c\\d"
            },
            [0,9,10,99,100,255]
          ]
        }
        """#)
  }

  @Test("Only quotes, backslashes and control characters are escaped")
  func escapes() {
    let control = String(String.UnicodeScalarView((0..<0x20).map { Unicode.Scalar(UInt8($0)) }))
    #expect(
      self.text { $0.string(control) }
        == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
        + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d"#
        + #"\u001e\u001f""#)
    #expect(self.text { $0.string("a/é\u{7F}\u{2028}😀\"\\") } == "\"a/é\u{7F}\u{2028}😀\\\"\\\\\"")
    #expect(self.text { $0.string("") } == #""""#)
  }

  @Test("Integers are written up to the limits of their type")
  func integers() {
    #expect(self.text { $0.write(UInt64(0)) } == "0")
    #expect(self.text { $0.write(UInt64.max) } == "18446744073709551615")
    #expect(self.text { $0.write(Int64.min) } == "-9223372036854775808")
    #expect(self.text { $0.write(Int.max) } == "9223372036854775807")
  }

  @Test("Bytes come back from their array of numbers, across the blocks of the writer")
  func bytes() throws {
    for count in [0, 1, 1023, 1024, 1025, 5000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let text = self.text { $0.bytes(bytes) }
      #expect(text == "[" + bytes.map(String.init).joined(separator: ",") + "]")
      #expect(try JSONDocument(text).root.bytes() == bytes)
      #expect(self.text { $0.bytes(bytes[...].lazy.map { $0 }) } == text)
    }
  }

  @Test("An error thrown inside reaches whoever writes")
  func errors() {
    let error = #expect(throws: JSONError.self) {
      try self.text { writer in
        try writer.object { writer in
          try writer.member("a") { $0.raw(try JSONFragment(Array("[1".utf8))) }
        }
      }
    }
    #expect(error?.offset == 2)
  }

  @Test("Pieces that do not add up to one value stop the program")
  func misuse() async {
    await #expect(processExitsWith: .failure) { _ = JSONWriter().finish() }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.object { $0.write(1) }
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.object { $0.name("a") }
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.array { $0.member("a", 1) }
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.null()
      writer.null()
    }
  }
}
