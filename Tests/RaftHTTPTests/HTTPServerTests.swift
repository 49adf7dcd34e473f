import RaftHTTP
import RaftSockets
import TestPace
import Testing

@Suite("The HTTP server", .realTime, .timeLimit(.minutes(5)))
struct HTTPServerTests {
  static func describe(_ request: HTTPRequest) -> HTTPResponse {
    HTTPResponse(.ok, body: Array("\(request.method) \(request.target) \(request.text)".utf8))
  }

  @Test(
    "Pipelined requests are answered in order, wherever handlers begin",
    arguments: [HTTPServer.HandlerStart.onPool, .onLoop])
  func pipelining(start: HTTPServer.HandlerStart) async throws {
    try await withLoop { loop in
      let gate = Gate()
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(handlerStart: start)
      ) { request in
        if request.path == "/1" { await gate.pass() }
        return HTTPServerTests.describe(request)
      }
      let connection = try await connect(to: server.address, on: loop)
      try await connection.write(
        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
          + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n"
          + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
          + "GET /never HTTP/1.1\r\nHost: a\r\n\r\n")
      await gate.isReached()
      await gate.open()
      #expect(
        try await connection.readToEnd()
          == "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nPOST /1 abc"
          + "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nPOST /2 de"
          + "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /3 ")
      #expect(await server.statistics.requests == 3)
    }
  }

  @Test("Many pipelined requests are all answered, beyond what is kept unread")
  func longPipeline() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in
        .text("x")
      }
      let one =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n"
        + String(repeating: "b", count: 2000)
      let connection = try await connect(to: server.address, on: loop)
      async let all = connection.readToEnd()
      for _ in 0..<200 { try await connection.write(one) }
      await connection.finishWriting()
      #expect(try await all.split(separator: "HTTP/1.1 200 OK").count == 200)
    }
  }

  @Test("A request over HTTP/1.0 is answered and the connection closed, unless kept alive")
  func oldVersion() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in .init() }
      let text = try await rawExchange(
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        with: server.address, on: loop)
      #expect(
        text == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
          + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
  }

  @Test("HEAD and 204 have no body; a handler can close the connection")
  func bodyless() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        switch request.path {
        case "/empty": HTTPResponse(.noContent)
        case "/last": HTTPResponse(headers: ["connection": "Close"], body: [0x21])
        default: HTTPResponse(body: [1, 2, 3])
        }
      }
      let text = try await rawExchange(
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /empty HTTP/1.1\r\nHost: a\r\n\r\n"
          + "GET /last HTTP/1.1\r\nHost: a\r\n\r\n", with: server.address, on: loop)
      #expect(
        text == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
          + "HTTP/1.1 204 No Content\r\n\r\n"
          + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n!")
    }
  }

  @Test("A client that waits for the word to go on gets it, or a refusal in its place")
  func goAhead() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(limits: HTTPLimits(bodyBytes: 10))
      ) { HTTPServerTests.describe($0) }
      let head = "POST /w HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
      let connection = try await connect(to: server.address, on: loop)
      try await connection.write(head + "Content-Length: 2\r\n\r\n")
      let word = try #require(try await connection.read())
      #expect(String(decoding: word, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
      try await connection.write("hi")
      await connection.finishWriting()
      let answer = try await connection.readToEnd()
      #expect(answer == "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nPOST /w hi")
      let refusal = try await rawExchange(
        head + "Content-Length: 11\r\n\r\n", with: server.address, on: loop)
      #expect(refusal.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
      #expect(refusal.hasSuffix("\r\n\r\nthe body exceeds the limit of 10 bytes\n"))
    }
  }

  @Test(
    "A request that cannot be served is answered once, and nothing behind it is read",
    arguments: [
      ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported"),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n", "413 Content Too Large"),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "400 Bad Request"
      ),
      ("GET /\(String(repeating: "x", count: 9000)) HTTP/1.1\r\n", "414 URI Too Long"),
      (
        "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 40_000))\r\n\r\n",
        "431 Request Header Fields Too Large"
      ),
    ])
  func refusals(request: String, status: String) async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(limits: HTTPLimits(bodyBytes: 10))
      ) { HTTPServerTests.describe($0) }
      let text = try await rawExchange(
        request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", with: server.address, on: loop)
      #expect(text.hasPrefix("HTTP/1.1 \(status)\r\n"))
      #expect(text.contains("\r\nConnection: close\r\n"))
      #expect(text.split(separator: "Content-Length: ").count == 2)
      #expect(await server.statistics.requests == 0)
      #expect(await server.statistics.refusals == 1)
    }
  }

  @Test("A response whose field would break out of its line becomes an error of the server")
  func injection() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in
        HTTPResponse(headers: ["X-Name": "a\r\nSet-Cookie: evil"])
      }
      let text = try await rawExchange(
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", with: server.address, on: loop)
      #expect(text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
      #expect(!text.contains("evil"))
    }
  }

  @Test("A second server at the same port is refused with the address")
  func addressInUse() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in .init() }
      await #expect(throws: SocketError.addressInUse(server.address)) {
        try await HTTPServer.bind(to: server.address, on: loop) { _ in .init() }
      }
    }
  }

  @Test("No more connections than allowed are open; the next is served when one has ended")
  func connectionLimit() async throws {
    try await withLoop { loop in
      let gate = Gate()
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(connections: 2)
      ) { request in
        await gate.pass()
        return .text("done")
      }
      let client = HTTPClient(on: loop, .init(idlePerServer: 0))
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<4 { group.addTask { try await client.post("", to: server.address) } }
        await gate.isReached(by: 2)
        let present = await server.statistics
        #expect(present.connectionsOpen == 2)
        #expect(present.connectionsAccepted == 2)
        await gate.open()
        for try await text in group { #expect(text == "done") }
      }
      #expect(await server.statistics.connectionsAccepted == 4)
    }
  }
}
