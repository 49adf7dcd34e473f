import RaftHTTP
import Testing

@Suite("The request parser")
struct RequestParserTests {
  /// Limits that short texts can exceed.
  static let small = HTTPLimits(startLineBytes: 40, headerBytes: 120, headerCount: 4, bodyBytes: 20)

  static let valid: [String] = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a?b=c HTTP/1.0\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHOST:a\r\n\r\n",
    "POST /w HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /w HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\nhello",
    "POST /w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      + "5\r\nhello\r\n00A;x=y\r\n, world ok\r\n0\r\nDigest: 1\r\n\r\n",
    "POST /w HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n!",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
    "PUT /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      + "\r\nPUT /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"
      + "DELETE /3 HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
  ]

  static let malformed: [(String, Int, String)] = [
    ("\u{16}\u{03}\u{01}", 400, "this is not HTTP: a request begins with its method"),
    ("\r\n\r\n", 400, "the request line is empty"),
    ("GET /\r\n", 400, "the request line must be a method, a target and a version"),
    ("GET / x HTTP/1.1\r\n", 400, "the version must be HTTP/1.1"),
    (
      "GET  / HTTP/1.1\r\n", 400,
      "the target is empty or has a character that must be percent-encoded"
    ),
    ("G@T / HTTP/1.1\r\n", 400, "the method is no token"),
    (
      "GET /é HTTP/1.1\r\n", 400,
      "the target is empty or has a character that must be percent-encoded"
    ),
    ("GET / http/1.1\r\n", 400, "the version must be HTTP/1.1"),
    ("GET / HTTP/11\r\n", 400, "the version must be HTTP/1.1"),
    ("GET / HTTP/2.0\r\n", 505, "only HTTP/1.1 and HTTP/1.0 are spoken"),
    ("GET / HTTP/1.2\r\n", 505, "only HTTP/1.1 and HTTP/1.0 are spoken"),
    ("GET / HTTP/1.1\n", 400, "a line ends with LF alone; it must end with CR LF"),
    ("GET / HTTP/1.1\r\nA: b\rc\r\n", 400, "a CR stands inside a line"),
    ("GET / HTTP/1.1\r\nA: b\r\r\n", 400, "a CR stands inside a line"),
    ("GET / HTTP/1.1\r\nA: b\r\n c\r\n", 400, "a header field is folded over two lines"),
    ("GET / HTTP/1.1\r\nA : b\r\n", 400, "a space stands before the colon of a header field"),
    ("GET / HTTP/1.1\r\nA b\r\n", 400, "a header field has no colon"),
    (
      "GET / HTTP/1.1\r\n: b\r\n", 400,
      "the name of a header field is empty or has a character that names cannot have"
    ),
    (
      "GET / HTTP/1.1\r\nA\u{0}: b\r\n", 400,
      "the name of a header field is empty or has a character that names cannot have"
    ),
    (
      "GET / HTTP/1.1\r\nA: b\u{0}c\r\n", 400, "the value of a header field has a control character"
    ),
    ("GET / HTTP/1.1\r\n\r\n", 400, "a request must have exactly one Host field"),
    (
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400,
      "a request must have exactly one Host field"
    ),
    (
      "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400,
      "the target must be a path, a URL of http, or * with OPTIONS"
    ),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
      "Content-Length and Transfer-Encoding exclude each other"
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n", 400,
      "two Content-Length fields contradict each other"
    ),
    ("POST / HTTP/1.1\r\nContent-Length: +3\r\n", 400, "Content-Length must be one decimal number"),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n", 400,
      "Content-Length must be one decimal number"
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 0x3\r\n", 400, "Content-Length must be one decimal number"
    ),
    ("POST / HTTP/1.1\r\nContent-Length:\r\n", 400, "Content-Length must be one decimal number"),
    (
      "POST / HTTP/1.1\r\nContent-Length: 9223372036854775808\r\n", 400,
      "Content-Length must be one decimal number"
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", 501,
      "the only transfer coding understood is chunked"
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400,
      "the body is chunked twice"
    ),
    (
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
      "Transfer-Encoding needs HTTP/1.1"
    ),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", 417,
      "the only expectation met is 100-continue"
    ),
    (chunked("x\r\n"), 400, "the size of a chunk must be a hexadecimal number"),
    (chunked("-1\r\n"), 400, "the size of a chunk must be a hexadecimal number"),
    (chunked("1 \r\n"), 400, "the size of a chunk must be a hexadecimal number"),
    (chunked("\r\n"), 400, "the size of a chunk must be a hexadecimal number"),
    (chunked("fffffffffffffffff\r\n"), 400, "the size of a chunk must be a hexadecimal number"),
    (chunked("1\n"), 400, "a line ends with LF alone; it must end with CR LF"),
    (chunked("1\r\nab\r\n"), 400, "a chunk is longer than its size says"),
    (chunked("1\r\na\n"), 400, "a line ends with LF alone; it must end with CR LF"),
    (chunked("0\r\n a: b\r\n"), 400, "a header field is folded over two lines"),
    (
      chunked(String(repeating: "0", count: 300)), 400,
      "the size line of a chunk is longer than 256 bytes"
    ),
    (chunked("b\r\nhello world\r\nA\r\n"), 413, "the body exceeds the limit of 20 bytes"),
    (chunked("7fffffffffffff\r\n"), 413, "the body exceeds the limit of 20 bytes"),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n", 413,
      "the body exceeds the limit of 20 bytes"
    ),
    (
      "GET /01234567890123456789012345678901234567890", 414,
      "the request line exceeds the limit of 40 bytes"
    ),
    (
      "GET / HTTP/1.1\r\na:1\r\nb:2\r\nc:3\r\nd:4\r\ne:5\r\n", 431,
      "more than 4 header fields were sent"
    ),
    (
      "GET / HTTP/1.1\r\na: \(String(repeating: "x", count: 60))\r\n"
        + "b: \(String(repeating: "x", count: 60))\r\n", 431,
      "the header fields exceed the limit of 120 bytes"
    ),
    (
      chunked("0\r\nt: \(String(repeating: "x", count: 120))"), 431,
      "the header fields exceed the limit of 120 bytes"
    ),
  ]

  /// A request whose chunked body begins with `body`.
  static func chunked(_ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
  }

  @Test("A malformed request is answered with its status and reason", arguments: malformed)
  func status(text: String, status: Int, reason: String) {
    let reading = readRequests([Array(text.utf8)], limits: RequestParserTests.small)
    #expect(reading.error?.status.code == status)
    #expect(reading.error?.reason == reason)
  }

  @Test("However the bytes are cut, the requests and the error are the same")
  func cuts() {
    let generous = HTTPLimits(startLineBytes: 40, headerBytes: 300, headerCount: 10, bodyBytes: 20)
    let texts =
      RequestParserTests.valid.map { ($0, generous) }
      + RequestParserTests.malformed.map { ($0.0, RequestParserTests.small) }
    for (text, limits) in texts {
      let bytes = Array(text.utf8)
      let whole = readRequests([bytes], limits: limits)
      #expect(!whole.messages.isEmpty || whole.error != nil)
      for cut in 0...bytes.count {
        #expect(readRequests(pieces(of: bytes, cutAt: [cut]), limits: limits) == whole)
      }
      let single = readRequests(bytes.map { [$0] }, limits: limits)
      #expect(single == whole)
    }
  }

  @Test("Valid requests are read whole")
  func valid() throws {
    for text in RequestParserTests.valid {
      let reading = readRequests([Array(text.utf8)])
      #expect(reading.error == nil)
      #expect(!reading.messages.map(\.isComplete).contains(false))
    }
    let three = readRequests([Array(RequestParserTests.valid[9].utf8)]).messages
    #expect(three.map(\.head.method) == [.put, .put, .delete])
    #expect(three.map(\.head.target) == ["/1", "/2", "/3"])
    #expect(three.map(\.body) == [Array("abc".utf8), Array("def".utf8), []])
    #expect(three.map(\.head.keepsAlive) == [true, true, false])
    let chunked = readRequests([Array(RequestParserTests.valid[5].utf8)]).messages
    #expect(chunked.map(\.body) == [Array("hello, world ok".utf8)])
    let old = readRequests([Array(RequestParserTests.valid[1].utf8)]).messages
    #expect(old.map(\.head.keepsAlive) == [false])
    let expecting = readRequests([Array(RequestParserTests.valid[6].utf8)]).messages
    #expect(expecting.map(\.head.awaitsGoAhead) == [true])
  }

  @Test("A limit is reached without error, and exceeded by one byte with one")
  func limits() {
    let line = "GET /abc HTTP/1.1\r"
    let rest = "\nHost: a\r\n\r\n"
    let exact = HTTPLimits(startLineBytes: line.utf8.count)
    let short = HTTPLimits(startLineBytes: line.utf8.count - 1)
    #expect(readRequests([Array((line + rest).utf8)], limits: exact).error == nil)
    #expect(readRequests([Array((line + rest).utf8)], limits: short).error?.status == .uriTooLong)
    let body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    #expect(readRequests([Array(body.utf8)], limits: HTTPLimits(bodyBytes: 3)).error == nil)
    #expect(
      readRequests([Array(body.utf8)], limits: HTTPLimits(bodyBytes: 2)).error?.status
        == .contentTooLarge)
  }
}

extension RequestParserTests {
  @Test("Damaged requests are read or refused, the same however they are cut")
  func damage() {
    var state: UInt64 = 11
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let interesting = Array("\r\n\t :;,0159aF%\u{0}\u{7f}".utf8) + [0xff]
    for _ in 0..<1500 {
      var bytes = Array(RequestParserTests.valid[next(RequestParserTests.valid.count)].utf8)
      for _ in 0...next(3) {
        let position = next(bytes.count)
        switch next(3) {
        case 0: bytes[position] = interesting[next(interesting.count)]
        case 1: bytes.insert(interesting[next(interesting.count)], at: position)
        default: bytes.remove(at: position)
        }
      }
      let whole = readRequests([bytes], limits: RequestParserTests.small)
      let cuts = [next(bytes.count + 1), next(bytes.count + 1)].sorted()
      let cut = readRequests(pieces(of: bytes, cutAt: cuts), limits: RequestParserTests.small)
      #expect(cut == whole, "\(String(decoding: bytes, as: UTF8.self)) cut at \(cuts)")
    }
  }
}
