import RaftHTTP
import RaftSockets
import TestPace
import Testing

@Suite("The HTTP client", .realTime, .timeLimit(.minutes(5)))
struct HTTPClientTests {
  @Test("Requests one after the other use one connection")
  func keepAlive() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        HTTPResponse(headers: ["X-Seen": request.headers["x-sent"] ?? ""], body: request.body)
      }
      let client = HTTPClient(on: loop)
      for number in 0..<50 {
        let request = HTTPRequest(
          .post, "/", headers: ["X-Sent": "\(number)"], body: Array("b\(number)".utf8))
        let response = try await client.send(
          request, to: server.address, within: .seconds(60).patient)
        #expect(response.status == .ok)
        #expect(response.text == "b\(number)")
        #expect(response.headers["X-Seen"] == "\(number)")
      }
      let statistics = await server.statistics
      #expect(statistics.connectionsAccepted == 1)
      #expect(statistics.requests == 50)
    }
  }

  @Test("Many concurrent requests share the connections that are allowed, each with its answer")
  func concurrency() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        HTTPResponse(body: request.body)
      }
      let client = HTTPClient(on: loop, .init(connectionsPerServer: 8))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<100 {
          group.addTask {
            for number in 0..<5 {
              let text = "\(task).\(number)"
              let answer = try await client.post(text, to: server.address)
              #expect(answer == text)
            }
          }
        }
        try await group.waitForAll()
      }
      let statistics = await server.statistics
      #expect(statistics.requests == 500)
      #expect(statistics.connectionsAccepted <= 8)
    }
  }

  @Test("A large body goes there and back")
  func largeBody() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(limits: .replication)
      ) { HTTPResponse(body: $0.body) }
      let body = [UInt8](repeating: 7, count: 5_000_000)
      let response = try await HTTPClient(on: loop).send(
        HTTPRequest(.put, "/", body: body), to: server.address, within: .seconds(60).patient)
      #expect(response.body == body)
    }
  }

  @Test("A body that the server refuses early is answered, though it was not read to its end")
  func earlyRefusal() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(limits: HTTPLimits(bodyBytes: 1000))
      ) { _ in .init() }
      let response = try await HTTPClient(on: loop).send(
        HTTPRequest(.post, "/", body: [UInt8](repeating: 7, count: 500_000)),
        to: server.address, within: .seconds(60).patient)
      #expect(response.status == .contentTooLarge)
      #expect(response.text == "the body exceeds the limit of 1000 bytes\n")
    }
  }

  @Test(
    "A body ends by its length, by its last chunk, or with the connection",
    arguments: [
      ("Content-Length: 5\r\n\r\nhello", 1),
      ("Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 1),
      ("\r\nhello", 2),
      ("Connection: close\r\nContent-Length: 5\r\n\r\nhello", 2),
      ("Content-Length: 5\r\n\r\nhello and more", 2),
    ])
  func bodies(rest: String, connections: Int) async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(on: loop) { connection in
        for _ in 0..<2 {
          _ = try await connection.readRequest()
          try await connection.write("HTTP/1.1 200 OK\r\n" + rest)
          if rest.hasPrefix("\r\n") { return await connection.close() }
        }
      }
      let client = HTTPClient(on: loop)
      for _ in 0..<2 {
        let answer = try await client.post("", to: server.address)
        #expect(answer == "hello")
      }
      #expect(server.acceptCount == connections)
    }
  }

  @Test(
    "What is no response is an error that names the reason",
    arguments: [
      ("SMTP ready\r\n", "the status line must be a version, a status and its words"),
      (
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "two Content-Length fields contradict each other"
      ),
    ])
  func badResponse(text: String, reason: String) async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        try await connection.write(text)
      }
      await #expect(throws: HTTPClientError.badResponse(server.address, reason: reason)) {
        try await HTTPClient(on: loop).post("", to: server.address)
      }
    }
  }

  @Test(
    "A response beyond the limits is refused",
    arguments: [
      ("Content-Length: 11\r\n\r\n", "the body exceeds the limit of 10 bytes"),
      ("A: 1\r\nB: 2\r\nC: 3\r\n\r\n", "more than 2 header fields were sent"),
    ])
  func tooLarge(rest: String, reason: String) async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        try await connection.write("HTTP/1.1 200 OK\r\n" + rest)
      }
      let client = HTTPClient(on: loop, .init(limits: HTTPLimits(headerCount: 2, bodyBytes: 10)))
      await #expect(throws: HTTPClientError.tooLarge(server.address, reason: reason)) {
        try await client.post("", to: server.address)
      }
    }
  }

  @Test(
    "A request that is no HTTP is refused before anything is sent",
    arguments: [
      HTTPRequest(.get, "/a b"), HTTPRequest(.get, "/a\r\nX: 1"), HTTPRequest(.get, ""),
      HTTPRequest(HTTPMethod(rawValue: "G T"), "/"),
      HTTPRequest(.get, "/", headers: ["X": "1\r\nY: 2"]),
      HTTPRequest(.get, "/", headers: ["X Y": "1"]),
    ])
  func invalidRequest(request: HTTPRequest) async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in .init() }
      let error = await #expect(throws: HTTPClientError.self) {
        try await HTTPClient(on: loop).send(
          request, to: server.address, within: .seconds(60).patient)
      }
      #expect(error?.delivery == .notSent)
      guard case .invalidRequest = error else {
        Issue.record("not an invalid request: \(String(describing: error))")
        return
      }
      #expect(await server.statistics.requests == 0)
    }
  }
}
