import Testing

@testable import RaftHTTPTransport

@Suite("Base64")
struct Base64Tests {
  @Test(
    "The examples of RFC 4648 hold",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func examples(bytes: String, text: String) {
    #expect(Base64.text(Array(bytes.utf8)[...]) == text)
    #expect(Base64.bytes(text) == Array(bytes.utf8))
  }

  @Test("All bytes come back, also out of the middle of others")
  func allBytes() {
    let bytes = (0...255).map { UInt8($0) }
    for start in 0..<4 {
      #expect(Base64.bytes(Base64.text(bytes[start...])) == Array(bytes[start...]))
    }
    #expect(Base64.text([0xFB, 0xFF]) == "+/8=")
  }

  @Test(
    "Bytes have one text: no other is read",
    arguments: [
      "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "=", "====", "Zm 9", "Zm9v\n", "Z-_=",
    ])
  func otherTexts(text: String) {
    #expect(Base64.bytes(text) == nil)
  }
}
