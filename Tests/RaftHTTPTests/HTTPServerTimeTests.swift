import RaftHTTP
import RaftSockets
import TestPace
import Testing

@Suite("The HTTP server's deadlines and its end", .realTime, .timeLimit(.minutes(5)))
struct HTTPServerTimeTests {
  @Test(
    "A request that does not arrive in time is answered with 408",
    arguments: ["GET", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"])
  func requestTimeout(text: String) async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(requestTimeout: .milliseconds(30))
      ) { _ in .init() }
      let answer = try await rawExchange(text, with: server.address, on: loop)
      #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }
  }

  @Test("A connection without a request is closed without a word")
  func idleTimeout() async throws {
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(idleTimeout: .milliseconds(30))
      ) { _ in .init() }
      let connection = try await connect(to: server.address, on: loop)
      #expect(try await connection.readToEnd() == "")
      #expect(await server.statistics.refusals == 0)
    }
  }

  @Test("A handler that takes too long is cancelled and answered for with 503")
  func handlerTimeout() async throws {
    try await withLoop { loop in
      let (cancelled, mark) = AsyncStream.makeStream(of: Void.self)
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .init(handlerTimeout: .milliseconds(30))
      ) { _ in
        await waitForCancellation()
        mark.finish()
        return .text("too late")
      }
      let answer = try await rawExchange(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", with: server.address, on: loop)
      #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
      #expect(!answer.contains("too late"))
      for await _ in cancelled {}
    }
  }

  @Test("A connection that breaks cancels the handler")
  func brokenConnection() async throws {
    try await withLoop { loop in
      let (events, mark) = AsyncStream.makeStream(of: String.self)
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        mark.yield(request.target)
        if request.target == "/wait" {
          await waitForCancellation()
          mark.finish()
        }
        return .text("unread")
      }
      let rude = LoopConfined(RudeHandler(), to: loop)
      try await loop.run {
        _ = ConnectOperation(to: server.address, on: loop, within: .seconds(60).patient) { result in
          guard case .success(let connection) = result else { preconditionFailure("\(result)") }
          rude.onLoop.start(connection)
        }
      }
      var seen: [String] = []
      for await event in events {
        seen.append(event)
        // The first response lies unread: closing now resets the connection.
        if event == "/wait" { try await loop.run { rude.onLoop.connection?.close() } }
      }
      #expect(seen == ["/", "/wait"])
    }
  }

  @Test("A shutdown lets a running request end, closes idle connections and takes no new ones")
  func gracefulShutdown() async throws {
    try await withLoop { loop in
      let gate = Gate()
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        if request.path == "/slow" { await gate.pass() }
        return .text("done")
      }
      let idle = try await connect(to: server.address, on: loop)
      try await idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await idle.read() != nil)
      let running = try await connect(to: server.address, on: loop)
      try await running.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
      await gate.isReached()
      let shutdown = Task { await server.shutdown(within: .seconds(60).patient) }
      #expect(try await idle.read() == nil)
      await #expect(throws: SocketError.refused(server.address)) {
        try await connect(to: server.address, on: loop)
      }
      await gate.open()
      #expect(
        try await running.readToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"
          + "Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ndone")
      await running.close()
      await shutdown.value
      await server.shutdown(within: .zero)
      #expect(await server.statistics.connectionsOpen == 0)
    }
  }

  @Test("A shutdown does not wait for a request beyond its limit")
  func forcedShutdown() async throws {
    try await withLoop { loop in
      let gate = Gate()
      let server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { _ in
        await gate.pass()
        return .text("too late")
      }
      let client = HTTPClient(on: loop)
      let request = Task { try await client.post("x", to: server.address) }
      await gate.isReached()
      await server.shutdown(within: .milliseconds(20))
      #expect(await server.statistics.connectionsOpen == 0)
      let error = await #expect(throws: HTTPClientError.self) { try await request.value }
      #expect(error?.delivery == .unknown)
      await gate.open()
    }
  }
}

/// Returns when the task is cancelled.
private func waitForCancellation() async {
  let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
  await withTaskCancellationHandler {
    for await _ in stream {}
  } onCancel: {
    continuation.finish()
  }
}

/// Sends two requests and reads no answer.
private final class RudeHandler: ConnectionHandler {
  private(set) var connection: Connection?

  func start(_ connection: Connection) {
    self.connection = connection
    connection.handler = self
    connection.pauseReading()
    connection.write(
      Array("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /wait HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
  }

  func connection(_ connection: Connection, didReceive bytes: RawSpan) {}
  func connectionDidReachEnd(_ connection: Connection) {}
  func connectionHasRoom(_ connection: Connection) {}
  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {
    self.connection = nil
  }
}
