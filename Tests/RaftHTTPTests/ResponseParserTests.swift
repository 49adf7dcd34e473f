import RaftHTTP
import Testing

@Suite("The response parser")
struct ResponseParserTests {
  static let cases: [(String, HTTPMethod, Int, String)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", .get, 200, "hi"),
    ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", .get, 200, ""),
    ("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", .get, 200, "hi"),
    ("HTTP/1.1 200 OK\r\n\r\nuntil the end", .get, 200, "until the end"),
    ("HTTP/1.0 200 OK\r\n\r\n", .get, 200, ""),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", .head, 200, ""),
    ("HTTP/1.1 204 No Content\r\n\r\n", .get, 204, ""),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .get, 304, ""),
    (
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n!", .post, 201, "!"
    ),
  ]

  static let malformed: [(String, String)] = [
    ("HTP/1.1 200 OK\r\n", "the status line must be a version, a status and its words"),
    ("HTTP/1.1 2x0 OK\r\n", "the status line must be a version, a status and its words"),
    ("HTTP/1.1 099 OK\r\n", "the status line must be a version, a status and its words"),
    ("HTTP/2.0 200 OK\r\n", "only HTTP/1.1 and HTTP/1.0 are spoken"),
    ("HTTP/1.1 200 OK\nA: b\r\n", "a line ends with LF alone; it must end with CR LF"),
    ("HTTP/1.1 200 OK\r\nA : b\r\n", "a space stands before the colon of a header field"),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "Content-Length and Transfer-Encoding exclude each other"
    ),
    (
      "HTTP/1.1 101 Switching\r\n\r\n",
      "the server changes the protocol, or sends interim responses without end"
    ),
    (
      String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 17),
      "the server changes the protocol, or sends interim responses without end"
    ),
    ("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n", "the body exceeds the limit of 20 bytes"),
    ("HTTP/1.1 200 OK\r\n\r\n123456789012345678901", "the body exceeds the limit of 20 bytes"),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
      "the connection ended in the middle of the response"
    ),
    ("", "the connection ended in the middle of the response"),
  ]

  static let limits = HTTPLimits(
    startLineBytes: 200, headerBytes: 200, headerCount: 4, bodyBytes: 20)

  @Test("A response is read with its body, whichever way its end is told", arguments: cases)
  func bodies(text: String, method: HTTPMethod, status: Int, body: String) {
    let reading = readResponse([Array(text.utf8)], to: method, limits: ResponseParserTests.limits)
    #expect(reading.error == nil)
    #expect(reading.messages.map(\.head.status.code) == [status])
    #expect(reading.messages.map(\.body) == [Array(body.utf8)])
  }

  @Test("A malformed response is refused with its reason", arguments: malformed)
  func refused(text: String, reason: String) {
    let reading = readResponse([Array(text.utf8)], limits: ResponseParserTests.limits)
    #expect(reading.error?.reason == reason)
  }

  @Test("However the bytes are cut, the response and the error are the same")
  func cuts() {
    let texts =
      ResponseParserTests.cases.map { ($0.0, $0.1) }
      + ResponseParserTests.malformed.map { ($0.0, HTTPMethod.get) }
    for (text, method) in texts {
      let bytes = Array(text.utf8)
      let limits = ResponseParserTests.limits
      let whole = readResponse([bytes], to: method, limits: limits)
      for cut in 0...bytes.count {
        let cutReading = readResponse(pieces(of: bytes, cutAt: [cut]), to: method, limits: limits)
        #expect(cutReading == whole)
      }
      #expect(readResponse(bytes.map { [$0] }, to: method, limits: limits) == whole)
    }
  }
}
