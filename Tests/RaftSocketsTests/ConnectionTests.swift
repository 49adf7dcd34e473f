import RaftSockets
import TestPace
import Testing

@Suite("Connections", .realTime, .timeLimit(.minutes(5)))
struct ConnectionTests {
  @Test("What is sent comes back, through several megabytes and half closes")
  func echo() async throws {
    try await withLoop { loop in
      let listener = try await echoServer(on: loop)
      #expect(listener.address.port != 0)
      let connection = try await connect(to: listener.address, on: loop)
      let sent = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      async let received = readAll(connection)
      for start in stride(from: 0, to: sent.count, by: 100_000) {
        try await connection.write(Array(sent[start..<min(start + 100_000, sent.count)]))
      }
      await connection.finishWriting()
      #expect(try await received == sent)
      await connection.close()
    }
  }

  @Test("A name is resolved before connecting and listening")
  func names() async throws {
    try await withLoop { loop in
      let name = try SocketAddress(parsing: "localhost:0")
      let listener = try await Listener.bind(to: name, on: loop, accepting: serveEcho)
      let target = try SocketAddress(host: "localhost", port: listener.address.port)
      let connection = try await connect(to: target, on: loop)
      try await connection.write([1, 2, 3])
      await connection.finishWriting()
      #expect(try await readAll(connection) == [1, 2, 3])
    }
  }

  @Test("A port that is taken is reported with its address, and a closed one is free again")
  func addressInUse() async throws {
    try await withLoop { loop in
      let listener = try await echoServer(on: loop)
      await #expect(throws: SocketError.addressInUse(listener.address)) {
        try await Listener.bind(to: listener.address, on: loop, accepting: serveEcho)
      }
      await listener.close()
      let again = try await Listener.bind(to: listener.address, on: loop, accepting: serveEcho)
      #expect(again.address == listener.address)
    }
  }

  @Test("Listening at a foreign address is refused with that address")
  func foreignAddress() async throws {
    try await withLoop { loop in
      let foreign = try SocketAddress(parsing: "192.0.2.1:0")
      await #expect(throws: SocketError.addressNotAvailable(foreign)) {
        try await Listener.bind(to: foreign, on: loop, accepting: serveEcho)
      }
    }
  }

  @Test("A port where nobody listens refuses the connection")
  func refused() async throws {
    try await withLoop { loop in
      // A port that was free a moment ago may be another test's by now; this one is never.
      let nobody = SocketAddress.loopback(port: 1)
      await #expect(throws: SocketError.refused(nobody)) {
        try await connect(to: nobody, on: loop)
      }
    }
  }

  @Test("Connecting to a port whose queue is full ends with the time given")
  func connectTimeout() async throws {
    try await withLoop { loop in
      let listener = try await Listener.bind(
        to: .loopback(port: 0), on: loop, backlog: 0, accepting: serveEcho)
      try await loop.run { listener.pauseAccepting() }
      var errors: [SocketError] = []
      for _ in 0..<5 where errors.isEmpty {
        do throws(SocketError) {
          _ = try await AsyncConnection.connect(
            to: listener.address, on: loop, within: .milliseconds(60))
        } catch {
          errors.append(error)
        }
      }
      #expect(errors == [.timedOut(.connect)])
    }
  }

  @Test("A connection that is being made can be cancelled")
  func connectCancelled() async throws {
    try await withLoop { loop in
      let target = SocketAddress.loopback(port: 1)
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return await #expect(throws: SocketError.cancelled) {
          try await AsyncConnection.connect(to: target, on: loop, within: .seconds(10).patient)
        }
      }
      task.cancel()
      _ = await task.value
    }
  }

  @Test("A cancelled read ends the wait; the connection serves on")
  func readCancelled() async throws {
    try await withLoop { loop in
      let listener = try await echoServer(on: loop)
      let connection = try await connect(to: listener.address, on: loop)
      let reader = Task { try await connection.read() }
      reader.cancel()
      await #expect(throws: SocketError.cancelled) { try await reader.value }
      try await connection.write([7])
      #expect(try await connection.read() == [7])
    }
  }

  @Test(
    "A connection that stands still is closed, with what was waited for",
    arguments: [
      (ConnectionTimeouts(read: .milliseconds(30)), SocketError.timedOut(.read)),
      (ConnectionTimeouts(idle: .milliseconds(30)), SocketError.timedOut(.activity)),
    ])
  func readTimeout(timeouts: ConnectionTimeouts, expected: SocketError) async throws {
    try await withLoop { loop in
      let listener = try await echoServer(on: loop)
      let connection = try await AsyncConnection.connect(
        to: listener.address, on: loop, within: .seconds(10).patient, timeouts: timeouts)
      await #expect(throws: expected) { try await connection.read() }
      await #expect(throws: expected) { try await connection.write([1]) }
    }
  }

  @Test("Writing waits while the other side takes nothing, and times out")
  func writeTimeout() async throws {
    try await withLoop { loop in
      let deaf = try await Listener.bind(to: .loopback(port: 0), on: loop) { connection in
        connection.handler = SilentHandler()
        connection.pauseReading()
      }
      let connection = try await AsyncConnection.connect(
        to: deaf.address, on: loop, within: .seconds(10).patient,
        timeouts: ConnectionTimeouts(write: .milliseconds(50)))
      let block = [UInt8](repeating: 1, count: 1 << 20)
      await #expect(throws: SocketError.timedOut(.write)) {
        for _ in 0..<100 { try await connection.write(block) }
      }
    }
  }

  @Test("A full connection refuses bytes and tells when it has room")
  func backPressure() async throws {
    try await withLoop { loop in
      let (accepted, arrivals) = AsyncStream.makeStream(of: AsyncConnection.self)
      let listener = try await Listener.bind(to: .loopback(port: 0), on: loop) { connection in
        arrivals.yield(AsyncConnection(connection))
      }
      let waiting = RoomHandler()
      let confined = LoopConfined(waiting, to: loop)
      let bound = await withCheckedContinuation { continuation in
        loop.post {
          ConnectOperation(to: listener.address, on: loop, within: .seconds(10).patient) { result in
            guard case .success(let connection) = result else { preconditionFailure("\(result)") }
            confined.onLoop.fill(connection)
            continuation.resume(returning: connection.waitingBytes)
          }
        }
      }
      #expect(bound >= 1 << 20 && bound < 1 << 20 + 100_000)
      var iterator = accepted.makeAsyncIterator()
      let receiver = try #require(await iterator.next())
      var received = 0
      let total = await confined.onLoop(loop) { $0.taken }
      while received < total { received += try await receiver.read()?.count ?? 0 }
      #expect(await confined.onLoop(loop) { $0.timesRoomed } == 1)
      await receiver.close()
    }
  }

  @Test("Writing to a side that has gone is an error, not a signal")
  func brokenPipe() async throws {
    try await withLoop { loop in
      let listener = try await Listener.bind(to: .loopback(port: 0), on: loop) { connection in
        connection.handler = SilentHandler()
        connection.close()
      }
      let connection = try await connect(to: listener.address, on: loop)
      let block = [UInt8](repeating: 1, count: 1000)
      await #expect(throws: SocketError.self) {
        while true { try await connection.write(block) }
      }
    }
  }

  @Test("The end of the loop ends those who wait on its connections")
  func loopEnds() async throws {
    let loop = try EventLoop.start()
    let listener = try await echoServer(on: loop)
    let connection = try await connect(to: listener.address, on: loop)
    let reader = Task { try await connection.read() }
    try await connection.write([])
    await loop.shutdown()
    await #expect(throws: SocketError.loopStopped) { try await reader.value }
    await #expect(throws: SocketError.loopStopped) { try await connection.write([1]) }
    await #expect(throws: SocketError.loopStopped) {
      try await connect(to: listener.address, on: loop)
    }
  }

  @Test("A connection that the other side has closed is stale before the loop hears of it")
  func stale() async throws {
    try await withLoop { loop in
      let serving = try EventLoop.start(named: "serving")
      let listener = try await Listener.bind(to: .loopback(port: 0), on: serving) { connection in
        connection.handler = CloseOnReceive()
      }
      let staleness = await withCheckedContinuation { continuation in
        loop.post {
          _ = ConnectOperation(to: listener.address, on: loop, within: .seconds(10).patient) {
            result in
            guard case .success(let connection) = result else { preconditionFailure("\(result)") }
            connection.handler = SilentHandler()
            let before = connection.isStale
            connection.write([1])
            // This turn goes on until the other loop's thread has closed, so no event comes between.
            let deadline = ContinuousClock.now + .seconds(10).patient
            while !connection.isStale, ContinuousClock.now < deadline {}
            continuation.resume(returning: [before, connection.isStale])
            connection.close()
          }
        }
      }
      #expect(staleness == [false, true])
      await serving.shutdown()
    }
  }
}
