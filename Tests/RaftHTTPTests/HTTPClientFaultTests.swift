import RaftHTTP
import RaftSockets
import TestPace
import Testing

@Suite("The HTTP client when servers fail", .realTime, .timeLimit(.minutes(5)))
struct HTTPClientFaultTests {
  static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

  /// Answers one request, then reads a second and closes without a word.
  static let answerOnceThenDrop: ScriptedServer.Script = { connection in
    _ = try await connection.readRequest()
    try await connection.write(ok)
    _ = try await connection.readRequest()
    await connection.close()
  }

  static let answerAlways: ScriptedServer.Script = { connection in
    while true {
      _ = try await connection.readRequest()
      try await connection.write(ok)
    }
  }

  @Test("Where nobody listens a request is unreachable, and nothing was sent")
  func refused() async throws {
    try await withLoop { loop in
      // A port that was free a moment ago may be another test's by now; this one is never.
      let nobody = SocketAddress.loopback(port: 1)
      let reason = "\(nobody) refused the connection: nobody listens there"
      let expected = HTTPClientError.unreachable(nobody, reason: reason)
      await #expect(throws: expected) {
        try await HTTPClient(on: loop).post("", to: nobody)
      }
      #expect(expected.delivery == .notSent)
    }
  }

  @Test(
    "A harmless request whose kept connection is dropped is sent once more on a fresh one",
    arguments: [
      HTTPRequest(.get, "/"), HTTPRequest(.post, "/", body: [1], repetition: .harmless),
    ])
  func sentAgain(request: HTTPRequest) async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(
        on: loop, HTTPClientFaultTests.answerOnceThenDrop, HTTPClientFaultTests.answerAlways)
      let client = HTTPClient(on: loop)
      for _ in 0..<2 {
        let response = try await client.send(
          request, to: server.address, within: .seconds(60).patient)
        #expect(response.text == "ok")
      }
      #expect(server.acceptCount == 2)
    }
  }

  @Test("A harmful request whose connection is dropped is not sent again")
  func notSentAgain() async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(
        on: loop, HTTPClientFaultTests.answerOnceThenDrop, HTTPClientFaultTests.answerAlways)
      let client = HTTPClient(on: loop)
      #expect(try await client.post("", to: server.address) == "ok")
      let expected = HTTPClientError.connectionLost(
        server.address, reason: "the server closed it before the response was complete")
      await #expect(throws: expected) { try await client.post("", to: server.address) }
      #expect(expected.delivery == .unknown)
      #expect(server.acceptCount == 1)
    }
  }

  @Test("A request is sent again only once, and not after the first byte of a response")
  func onlyOnce() async throws {
    try await withLoop { loop in
      let drop: ScriptedServer.Script = { connection in
        _ = try await connection.readRequest()
        await connection.close()
      }
      let server = try await ScriptedServer(
        on: loop, HTTPClientFaultTests.answerOnceThenDrop, drop)
      let client = HTTPClient(on: loop)
      let request = HTTPRequest(.get, "/")
      _ = try await client.send(request, to: server.address, within: .seconds(60).patient)
      await #expect(throws: HTTPClientError.self) {
        try await client.send(request, to: server.address, within: .seconds(60).patient)
      }
      #expect(server.acceptCount == 2)
      let partly = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        try await connection.write(HTTPClientFaultTests.ok)
        _ = try await connection.readRequest()
        try await connection.write("H")
        await connection.finishWriting()
      }
      _ = try await client.send(request, to: partly.address, within: .seconds(60).patient)
      await #expect(throws: HTTPClientError.self) {
        try await client.send(request, to: partly.address, within: .seconds(60).patient)
      }
      #expect(partly.acceptCount == 1)
    }
  }

  @Test("A kept connection that the server has closed is not used, even for a harmful request")
  func staleConnection() async throws {
    try await withLoop { loop in
      let serving = try EventLoop.start()
      let (closings, closed) = AsyncStream.makeStream(of: Void.self)
      let server = try await ScriptedServer(
        on: serving,
        { connection in
          _ = try await connection.readRequest()
          try await connection.write(HTTPClientFaultTests.ok)
          await connection.close()
          closed.finish()
        }, HTTPClientFaultTests.answerAlways)
      let client = HTTPClient(on: loop)
      #expect(try await client.post("", to: server.address) == "ok")
      for await _ in closings {}
      #expect(try await client.post("", to: server.address) == "ok")
      #expect(server.acceptCount == 2)
      await serving.shutdown()
    }
  }

  @Test("The time for a request covers the wait for an answer, and for a connection")
  func timeouts() async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        _ = try await connection.read()
      }
      let client = HTTPClient(on: loop, .init(connectionsPerServer: 1, waitingPerServer: 1))
      let request = HTTPRequest(.post, "/")
      let address = server.address
      let first = Task {
        try await client.send(request, to: address, within: .seconds(60).patient)
      }
      while server.acceptCount == 0 { await Task.yield() }
      await #expect(throws: HTTPClientError.timeout(address, .notSent)) {
        try await client.send(request, to: address, within: .milliseconds(30))
      }
      let waiting = Task {
        try await client.send(request, to: address, within: .seconds(60).patient)
      }
      await #expect(throws: HTTPClientError.overloaded(address, waiting: 1)) {
        // The place in the queue is taken by this request or by the one before.
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
          for _ in 0..<2 {
            group.addTask {
              try await client.send(request, to: address, within: .seconds(60).patient)
            }
          }
          for try await _ in group {}
        }
      }
      first.cancel()
      waiting.cancel()
      await #expect(throws: HTTPClientError.cancelled(.unknown)) { try await first.value }
      await #expect(throws: HTTPClientError.self) { try await waiting.value }
      await #expect(throws: HTTPClientError.timeout(address, .unknown)) {
        try await client.send(request, to: address, within: .milliseconds(50))
      }
    }
  }

  @Test("Cancelling a request closes its connection")
  func cancellation() async throws {
    try await withLoop { loop in
      let (ends, end) = AsyncStream.makeStream(of: Bool.self)
      let gate = Gate()
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        await gate.open()
        end.yield(try await connection.read() == nil)
        end.finish()
      }
      let client = HTTPClient(on: loop)
      let request = Task { try await client.post("", to: server.address) }
      await gate.pass()
      request.cancel()
      await #expect(throws: HTTPClientError.cancelled(.unknown)) { try await request.value }
      for await hasEnded in ends { #expect(hasEnded) }
    }
  }

  @Test("A request of a task that is cancelled already is not sent")
  func cancelledBefore() async throws {
    try await withLoop { loop in
      let server = try await ScriptedServer(on: loop, HTTPClientFaultTests.answerAlways)
      let client = HTTPClient(on: loop)
      let request = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await client.post("", to: server.address)
      }
      request.cancel()
      await #expect(throws: HTTPClientError.cancelled(.notSent)) { try await request.value }
      #expect(server.acceptCount == 0)
    }
  }

  @Test("Closing the client ends its requests; later ones are refused")
  func closing() async throws {
    try await withLoop { loop in
      let gate = Gate()
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        await gate.open()
        _ = try await connection.read()
      }
      let client = HTTPClient(on: loop)
      let request = Task { try await client.post("", to: server.address) }
      await gate.pass()
      await client.close()
      await #expect(throws: HTTPClientError.closed(.unknown)) { try await request.value }
      await #expect(throws: HTTPClientError.closed(.notSent)) {
        try await client.post("", to: server.address)
      }
    }
  }

  @Test("The end of the loop ends requests under way")
  func loopEnds() async throws {
    try await withLoop { serving in
      let gate = Gate()
      let server = try await ScriptedServer(on: serving) { connection in
        _ = try await connection.readRequest()
        await gate.open()
        _ = try await connection.read()
      }
      let loop = try EventLoop.start()
      let client = HTTPClient(on: loop)
      let request = Task { try await client.post("", to: server.address) }
      await gate.pass()
      await loop.shutdown()
      await #expect(throws: HTTPClientError.closed(.unknown)) { try await request.value }
      await #expect(throws: HTTPClientError.closed(.notSent)) {
        try await client.post("", to: server.address)
      }
    }
  }

  @Test("Unused connections are closed when their time is up, or when they are too many")
  func idleBounds() async throws {
    try await withLoop { loop in
      let (ends, end) = AsyncStream.makeStream(of: Void.self)
      let gate = Gate()
      let server = try await ScriptedServer(on: loop) { connection in
        _ = try await connection.readRequest()
        await gate.pass()
        try await connection.write(HTTPClientFaultTests.ok)
        #expect(try await connection.read() == nil)
        end.yield()
      }
      let client = HTTPClient(
        on: loop, .init(idlePerServer: 1, idleTimeout: .milliseconds(30)))
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<3 { group.addTask { try await client.post("", to: server.address) } }
        await gate.isReached(by: 3)
        await gate.open()
        for try await text in group { #expect(text == "ok") }
      }
      var count = 0
      for await _ in ends {
        count += 1
        if count == 3 { break }
      }
    }
  }
}
